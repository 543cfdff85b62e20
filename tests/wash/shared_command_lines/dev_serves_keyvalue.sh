. "$LIB"
serve "$SHARED/p2-keyvalue.wasm"
curl -s "$url/counter/visits"
curl -s "$url/counter/visits?by=41"
curl -s -X PUT "$url/kv/a" -d one; curl -s "$url/kv/a"; echo
curl -s -X PUT "$url/many" --data-binary 'b=2
c=3
'
curl -s "$url/many?a,x,c"
curl -s "$url/keys"
curl -s -H 'x-bucket: other' -o /dev/null -w '%{http_code}\n' "$url/kv/a"
kill -INT $pid; wait $pid
