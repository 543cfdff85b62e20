. "$LIB"
command -v openssl >/dev/null || { echo "SKIP: openssl is not installed"; exit; }
certificate first -addext subjectAltName=IP:127.0.0.1
certificate second -addext subjectAltName=IP:127.0.0.1
mkdir tls
cp first.pem tls/cert.pem
cp first.key tls/key.pem
serve "$GUESTS/p2-hello.wasm" --tls-cert-path tls/cert.pem --tls-key-path tls/key.pem
curl -s --cacert first.pem "$url/first"
cp second.pem tls/cert.pem
cp second.key tls/key.pem
wait_for 'is used from now on'
curl -s --cacert first.pem "$url/before" || echo "the first is no longer shown"
curl -s --cacert second.pem "$url/second"
echo nonsense >tls/cert.pem
wait_for 'holds no certificate'
curl -s --cacert second.pem "$url/third"
wait_for 'GET /third'
kill -INT $pid
wait $pid
echo "exit status $?"
grep -c 'is used from now on' log
sed -n 's/.*warning //p' log | tail -n 1
