. "$LIB"
registry
mkdir -p project/.wash project/below
echo 'version: "1"' >project/.wash/config.yaml
cp app.wasm project/below/here.wasm
cd project/below
shown wash oci push --insecure "$host/app" here.wasm
shown wash oci pull --insecure "$host/app"
cmp here.wasm component.wasm
