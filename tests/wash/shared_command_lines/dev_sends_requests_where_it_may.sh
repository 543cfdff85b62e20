. "$LIB"
# The component that answers is served by a wash of its own.
serve "$SHARED/p2-hello.wasm"
upstream=$url upstream_pid=$pid
serve "$SHARED/p2-proxy.wasm"
curl -s "$url/?url=$upstream/"
kill -INT $pid; wait $pid
serve --allow-host "${upstream#http://}" "$SHARED/p2-proxy.wasm"
curl -s "$url/?url=$upstream/"
curl -s "$url/?url=http://localhost:1/"
kill -INT $pid; wait $pid
kill -INT $upstream_pid; wait $upstream_pid
wash dev --allow-host 'http://a/path' "$SHARED/p2-proxy.wasm"; echo "$?"
