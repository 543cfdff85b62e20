. "$LIB"
mkdir -p .wash; echo p2-hello >which
cat >.wash/config.yaml <<'Y'
build: {command: 'cp "$GUESTS/$(cat which).wasm" app.wasm', component_path: app.wasm}
Y
serve
(while ! test -e enough; do curl -s -o /dev/null -w '%{http_code}\n' "$url/[1-20]"; done >statuses) & client=$!
for n in 1 2 3; do
  echo p2-echo >which; wait_for 'now serving' $((2 * n - 1))
  echo p2-hello >which; wait_for 'now serving' $((2 * n))
done
touch enough; wait $client
sort -u statuses
kill $pid; wait $pid
