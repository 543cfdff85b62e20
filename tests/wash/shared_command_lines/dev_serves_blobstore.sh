. "$LIB"
ask() { curl -s -w '%{http_code}\n' "$@"; }
walk() {
  ask -X PUT "$url/box"
  ask -X PUT "$url/box/one" -d 'the first object'
  ask "$url/box/one"
  ask "$url/box/one?4-8"
  ask "$url/box/one?sync"
  ask -X POST "$url/box/one?copy=box/two"
  ask -X POST "$url/box/two?move=box/three"
  ask "$url/box"
  ask "$url/box/none"
  head -c 300000 /dev/zero | tr '\0' x >large
  ask -X PUT "$url/box/large" --data-binary @large
  curl -s "$url/box/large" | cmp - large && echo 'the large one is the same'
}
serve "$SHARED/p2-blobstore.wasm"
walk
kill -INT $pid; wait $pid
echo '--- in files'
mkdir -p .wash
cat >.wash/config.yaml <<'Y'
build: {command: cp "$SHARED/p2-blobstore.wasm" app.wasm, component_path: app.wasm}
dev: {wasi_blobstore_path: blobs}
Y
serve
walk
kill -INT $pid; wait $pid
serve
ask "$url/box"
ask -X DELETE "$url/box/three"
ask -X POST "$url/box"
ask "$url/box"
ask -X DELETE "$url/box"
ask "$url/box"
kill -INT $pid; wait $pid
find blobs
