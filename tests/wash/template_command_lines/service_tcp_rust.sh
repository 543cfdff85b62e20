. "$(dirname "$0")/lib"
needs python3
rust_project service-tcp-rust
# The two, each by a command of its own, on a port of this machine that is free.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
sed -i "s/7777/$port/" service-leet/src/main.rs http-api/src/lib.rs
built
: >service.log
wash run --allow-listen "0.0.0.0:$port" target/wasm32-wasip2/release/service-leet.wasm >service.log 2>&1 &
service=$!
trap 'kill $service 2>/dev/null' EXIT
until grep -q listening service.log; do kill -0 $service || { cat service.log; exit; }; sleep 0.02; done
serve --allow-connect "127.0.0.1:$port" target/wasm32-wasip2/release/http_api.wasm
ask "$url/task" -d '{"payload": "Hello, service"}'
ask "$url/task" -d '{"payload": "two\nlines"}'
ask "$url/task" -d '{}'
ask "$url/task"
ask "$url/else"
curl -s "$url/" | grep '<h1>'
echo "--- without the service"
kill $service
wait $service
ask "$url/task" -d '{"payload": "Hello"}' | sed 's/failed: .*/failed/'
finish
passed cargo test --quiet --workspace
