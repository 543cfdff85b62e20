. "$LIB"
mkdir -p .wash
cat >.wash/config.yaml <<'Y'
build:
  command: cp "$SHARED/p2-keyvalue.wasm" app.wasm
  component_path: app.wasm
dev:
  wasi_keyvalue_path: store
Y
serve
curl -s "$url/counter/visits?by=41"
curl -s -X PUT "$url/kv/..%2F..%2Fescape" -d one
curl -s -X PUT "$url/kv/a" -d two
kill -INT $pid; wait $pid
serve
curl -s "$url/counter/visits"
curl -s "$url/kv/a"; echo
curl -s "$url/keys"
kill -INT $pid; wait $pid
find . -path './store/*' -type f | sort
