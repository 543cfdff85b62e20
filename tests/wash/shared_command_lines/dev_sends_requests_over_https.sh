. "$LIB"
command -v openssl >/dev/null || { echo "SKIP: openssl is not installed"; exit; }
certificate server -addext subjectAltName=DNS:localhost,IP:127.0.0.1
serve "$SHARED/p2-hello.wasm" --tls-cert-path server.pem --tls-key-path server.key
upstream=$url upstream_pid=$pid
serve --allow-host '*' --http-client-ca-path server.pem --http-client-trust-roots extra-only "$SHARED/p2-proxy.wasm"
curl -s "$url/?url=$upstream/"
kill -INT $pid; wait $pid
serve --allow-host '*' "$SHARED/p2-proxy.wasm"
curl -s "$url/?url=$upstream/"
kill -INT $pid; wait $pid
kill -INT $upstream_pid; wait $upstream_pid
wash dev --http-client-trust-roots all "$SHARED/p2-proxy.wasm"; echo "$?"
wash dev --http-client-trust-roots extra-only "$SHARED/p2-proxy.wasm" 2>&1; echo "$?"
wash dev --http-client-ca-path server.key "$SHARED/p2-proxy.wasm" 2>&1 | sed "s#$PWD#PWD#"; echo "$?"
