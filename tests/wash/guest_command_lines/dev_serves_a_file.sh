. "$LIB"
serve --enable-meters "$GUESTS/p2-hello.wasm"
curl -s "$url/"
curl -s "$url/some/path?query" -X POST -d body
wait_for 'POST /some'
stop INT
