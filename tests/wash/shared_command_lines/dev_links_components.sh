. "$LIB"
mkdir -p .wash
cat >.wash/config.yaml <<'Y'
build:
  command: cp "$SHARED/p2-middleware.wasm" app.wasm
  component_path: app.wasm
dev:
  components:
    - {name: inner, file: inner.wasm}
Y
cp "$SHARED/p2-hello.wasm" inner.wasm
serve
curl -s "$url/"; echo
curl -s -H 'x-pass: yes' "$url/"
kill -INT $pid; wait $pid
sed -i 's/p2-middleware/p3-middleware/' .wash/config.yaml
cp "$SHARED/p3-hello.wasm" inner.wasm
serve
curl -s "$url/"; echo
curl -s -i -H 'x-pass: yes' "$url/" | grep -i 'gate\|hello' | tr -d '\r'
kill -INT $pid; wait $pid
echo '--- without the inner one'
sed -i '/components/,$d' .wash/config.yaml
wash dev --address 127.0.0.1:0 2>/dev/null; echo $?
