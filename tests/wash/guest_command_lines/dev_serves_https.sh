. "$LIB"
command -v openssl >/dev/null || { echo "SKIP: openssl is not installed"; exit; }
certificate server -addext subjectAltName=DNS:localhost,IP:127.0.0.1
serve "$GUESTS/p2-hello.wasm" --tls-cert-path server.pem --tls-key-path server.key
echo "$url" | sed 's/:[0-9]*$//'
curl -s --cacert server.pem --http1.1 -w '%{http_version}\n' "$url/one"
curl -s --cacert server.pem --http2 -w '%{http_version}\n' "$url/two"
curl -s --cacert server.pem --tls-max 1.2 "$url/three"
curl -s "$url/untrusted"
echo "not trusted: $?"
curl -s "http://${url#https://}/plain"
echo "without TLS: $?"
wait_for 'GET /three'
stop INT
