. "$LIB"
serve "$GUESTS/p2-hello.wasm"
wash dev --address "${url#http://}" "$GUESTS/p2-hello.wasm" | sed -E 's/127\.0\.0\.1:[0-9]+/ADDRESS/g'
kill $pid; wait $pid; echo $?
