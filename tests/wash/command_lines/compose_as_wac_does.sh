# The same compositions by another program: the same from outside, and the same answers.
[ -f "$COMPONENTS/call.wasm" ] || { echo "SKIP: wasm-tools is not installed"; exit; }
PATH=$PATH:$WASM_TOOLS_FOLDER
command -v wac >/dev/null || { echo "SKIP: wac is not installed"; exit; }
command -v python3 >/dev/null || { echo "SKIP: there is no python3"; exit; }
cp "$COMPONENTS"/compose-*.wasm .
outside() { wash -o json inspect "$1" | python3 -c 'import json, sys; d = json.load(sys.stdin)["data"]; print("imports", sorted(d["imports"]), "exports", sorted(d["exports"]))'; }
# alike CALL...: both are the same from outside, and answer the same.
alike() {
  outside ours.wasm >ours
  outside theirs.wasm >theirs
  cmp ours theirs && cat ours
  for call in "$@"; do
    for by in ours theirs; do wash call $by.wasm "$call" >$by 2>&1; echo "exit status $?" >>$by; done
    cmp ours theirs && cat ours
  done
}
echo '--- a plug of a newer version of the track'
wash compose compose-user.wasm --plug compose-maths.wasm -o ours.wasm >/dev/null
wac plug compose-user.wasm --plug compose-maths.wasm -o theirs.wasm
alike 'sum-of-squares(3, 4)' 'sum-of-squares(0, 70000)'
echo '--- by a file'
printf 'instances: {maths: compose-maths.wasm, user: {component: compose-user.wasm, plugs: maths}}\n' >compose.yaml
wash compose compose.yaml -o ours.wasm >/dev/null
cat >compose.wac <<'END'
package test:app;
let maths = new test:maths { ... };
let user = new test:user { "test:compose/maths@1.1.0": maths["test:compose/maths@1.3.0"], ... };
export user...;
END
wac compose compose.wac -d test:maths=compose-maths.wasm -d test:user=compose-user.wasm -o theirs.wasm
alike 'sum-of-squares(3, 4)'
echo '--- modules and components as imports'
wash compose compose-whole-user.wasm --plug compose-whole-giver.wasm -o ours.wasm >/dev/null
wac plug compose-whole-user.wasm --plug compose-whole-giver.wasm -o theirs.wasm
alike 'add(3, 4)' 'double(21)'
echo '--- what does not fit is refused by both'
wash compose compose-user.wasm --plug compose-whole-giver.wasm -o none.wasm >/dev/null 2>&1; echo $?
wac plug compose-user.wasm --plug compose-whole-giver.wasm -o none.wasm >/dev/null 2>&1; echo $?
ls none.wasm 2>/dev/null
true
