[ -f "$COMPONENTS/call.wasm" ] || { echo "SKIP: wasm-tools is not installed"; exit; }
mkdir parts
cp "$COMPONENTS/compose-user.wasm" "$COMPONENTS/compose-maths.wasm" parts
cat >compose.yaml <<'YAML'
output: out/app.wasm
instances:
  maths: parts/compose-maths.wasm
  user:
    component: parts/compose-user.wasm
    plugs: maths
YAML
mkdir out
wash compose compose.yaml | sed -E 's/\(.*\)/(SIZE)/'
wash call out/app.wasm 'sum-of-squares(3, 4)'
# The same by name, from elsewhere, as JSON with the file's place on the command line.
cat >parts/by-name.json <<'JSON'
{"instances": {"user": {"component": "compose-user.wasm",
  "with": {"test:compose/maths@1.1.0": "numbers#test:compose/maths@1.3.0"}}, "numbers": "compose-maths.wasm"}}
JSON
wash --output json compose parts/by-name.json -o app.wasm
wash call app.wasm 'sum-of-squares(3, 4)'
cmp app.wasm out/app.wasm
