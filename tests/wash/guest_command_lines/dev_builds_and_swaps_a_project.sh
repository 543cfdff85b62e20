. "$LIB"
mkdir -p .wash src; echo p2-hello >src/which
cat >.wash/config.yaml <<'Y'
build:
  command: test -e "$GUESTS/$(cat src/which).wasm" || { echo "which is wrong" >&2; exit 1; }; cp "$GUESTS/$(cat src/which).wasm" app.wasm
  component_path: app.wasm
Y
serve
curl -s "$url/"
echo nothing >src/which
wait_for 'still serving'
curl -s "$url/"
echo p2-echo >src/which
wait_for 'now serving'
curl -s "$url/" -d echoed; echo
wait_for 'POST'
stop INT
