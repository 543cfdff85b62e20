. "$LIB"
cp "$GUESTS/p2-hello.wasm" app.wasm
serve app.wasm
curl -s "$url/"
echo garbage >app.wasm
wait_for 'still serving'
curl -s "$url/"
cp "$GUESTS/p2-echo.wasm" new.wasm && mv new.wasm app.wasm
wait_for 'now serving'
curl -s "$url/" -d echoed; echo
wait_for 'POST'
stop TERM
