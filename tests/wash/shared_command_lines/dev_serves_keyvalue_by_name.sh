. "$LIB"
serve "$SHARED/p2-keyvalue-named.wasm" --interface hot=wasi:keyvalue/store --interface cold=wasi:keyvalue
curl -s -X PUT "$url/hot/k" -d value
curl -s -o /dev/null -w '%{http_code}\n' "$url/cold/k"
curl -s -X POST "$url/move/k"
curl -s "$url/cold/k"; echo
curl -s -o /dev/null -w '%{http_code}\n' "$url/hot/k"
kill -INT $pid; wait $pid
