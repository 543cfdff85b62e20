. "$LIB"
command -v openssl >/dev/null || { echo "SKIP: openssl is not installed"; exit; }
mkdir -p .wash certs
cd certs
certificate server -addext subjectAltName=IP:127.0.0.1
certificate client
certificate stranger
cd ..
cat >.wash/config.yaml <<'Y'
build:
  command: cp "$GUESTS/p2-hello.wasm" app.wasm
  component_path: app.wasm
dev:
  tls_cert_path: certs/server.pem
  tls_key_path: certs/server.key
  tls_ca_path: certs/client.pem
Y
serve
curl -s --cacert certs/server.pem --cert certs/client.pem --key certs/client.key "$url/"
curl -s --cacert certs/server.pem --cert certs/stranger.pem --key certs/stranger.key "$url/stranger" ||
  echo "a certificate of somebody else is refused"
curl -s --cacert certs/server.pem "$url/nobody" || echo "no certificate is refused"
wait_for 'GET /'
stop TERM
