# Compositions of real guests by another program: the same from outside, and the same answers.
. "$LIB"
PATH=$PATH:$WASM_TOOLS_FOLDER
command -v wac >/dev/null || { echo "SKIP: wac is not installed"; exit; }
outside() { wash -o json inspect "$1" | python3 -c 'import json, sys; d = json.load(sys.stdin)["data"]; print("\n".join(sorted(d["imports"]) + ["exports"] + sorted(d["exports"])))'; }
both() {
  wash compose "$SHARED/$1.wasm" --plug "$SHARED/$2.wasm" -o ours.wasm >/dev/null
  wac plug "$SHARED/$1.wasm" --plug "$SHARED/$2.wasm" -o theirs.wasm
  outside ours.wasm >ours
  outside theirs.wasm >theirs
  cmp ours theirs && echo "$1 with $2: the same from outside"
}
for wasi in p2 p3; do
  both $wasi-middleware $wasi-hello
  for by in ours theirs; do
    serve $by.wasm
    { curl -s -w ' %{http_code}\n' "$url/"; curl -s -i -H 'x-pass: yes' "$url/" | grep -v -i '^date'; } >$by.said
    kill -INT $pid; wait $pid
  done
  cmp ours.said theirs.said && tail -n 1 ours.said
done
both p2-values-caller p2-values
for by in ours theirs; do wash run $by.wasm; done
both p3-tasks-caller p3-tasks
for by in ours theirs; do wash run $by.wasm >$by.said; echo $?; done
cmp ours.said theirs.said && tail -n 1 ours.said
