. "$LIB"
# Handlers of both generations behind their middleware.
for wasi in p2 p3; do
  wash compose "$SHARED/$wasi-middleware.wasm" --plug "$SHARED/$wasi-hello.wasm" -o $wasi.wasm | sed -E 's/\(.*\)/(SIZE)/'
  for component in $wasi.wasm "$SHARED/$wasi-composed-hello.wasm"; do
    serve "$component"
    curl -s -o body -w '%{http_code} ' "$url/"; cat body; echo
    curl -s -i -H 'x-pass: yes' "$url/" | tr -d '\r' | grep -E '^(HTTP|x-gate|hello)'
    kill -INT $pid; wait $pid
  done
done
# Every shape of value, and async functions with streams and futures.
wash compose "$SHARED/p2-values-caller.wasm" --plug "$SHARED/p2-values.wasm" -o values.wasm >/dev/null
for component in values.wasm "$SHARED/p2-values-composed.wasm"; do wash run "$component"; echo $?; done
wash compose "$SHARED/p3-tasks-caller.wasm" --plug "$SHARED/p3-tasks.wasm" -o tasks.wasm >/dev/null
wash run tasks.wasm >ours; echo $?
wash run "$SHARED/p3-tasks-composed.wasm" >theirs; echo $?
cmp ours theirs && tail -n 1 ours
# What it imports, each once.
wash --output json compose "$SHARED/p2-middleware.wasm" --plug "$SHARED/p2-hello.wasm" -o again.wasm |
  sed -n '/"imports"/,$p'
cmp p2.wasm again.wasm
PATH=$PATH:$WASM_TOOLS_FOLDER
command -v wasm-tools >/dev/null || exit 0
for name in p2 p3 values tasks; do wasm-tools validate $name.wasm || echo "$name is not valid"; done
