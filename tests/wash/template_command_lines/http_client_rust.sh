. "$(dirname "$0")/lib"
needs python3
rust_project http-client-rust
# A server of this machine in place of the one that the template asks.
mkdir upstream && printf '{"from": "upstream"}\n' >upstream/get.json
: >upstream.log
(cd upstream && exec python3 -u -m http.server --bind 127.0.0.1 0 >../upstream.log 2>&1) &
upstream=$!
trap 'kill $upstream' EXIT
until grep -q 'port [0-9]' upstream.log; do kill -0 $upstream || exit; sleep 0.02; done
port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' upstream.log)
sed -i "s|https://httpbin.org/get|http://127.0.0.1:$port/get.json|" src/lib.rs
built
serve --allow-host "127.0.0.1:$port"
curl -s -i "$url/anything" | grep -iE '^(HTTP|content-type|server)|upstream' | tr -d '\r'
finish
echo "--- not allowed"
serve --allow-host other.example
ask "$url/" | sed "s/$port/PORT/"
finish
passed cargo test --quiet
