[ -f "$COMPONENTS/call.wasm" ] || { echo "SKIP: wasm-tools is not installed"; exit; }
cp "$COMPONENTS"/*.wasm .
wash compose compose-user.wasm -o out.wasm; echo $?
wash compose compose-user.wasm --plug compose-maths.wasm; echo $?
wash compose compose-user.wasm --plug call.wasm -o out.wasm; echo $?
wash compose compose-user.wasm --plug nothing.wasm -o out.wasm; echo $?
wash compose compose-user.wasm --plug compose-maths.wasm -o compose-user.wasm; echo $?
wash compose -o json compose-user.wasm --plug compose-maths.wasm | sed -E 's/\(.*\)/(SIZE)/'
cat >compose.yaml <<'YAML'
instance: {}
instances:
  maths: compose-maths.wasm
  user:
    component: compose-user.wasm
    plug: maths
    plugs: [math]
  other: 7
export: [users]
YAML
wash compose compose.yaml; echo $?
cat >compose.yaml <<'YAML'
instances:
  maths: compose-maths.wasm
  user:
    component: compose-user.wasm
    plugs: [math]
export: [users]
YAML
wash compose compose.yaml -o out.wasm; echo $?
cat >compose.yaml <<'YAML'
instances: {maths: compose-maths.wasm, user: compose-user.wasm}
YAML
wash compose compose.yaml -o out.wasm; echo $?
wash compose compose.yaml --plug compose-maths.wasm -o out.wasm; echo $?
ls out.wasm
