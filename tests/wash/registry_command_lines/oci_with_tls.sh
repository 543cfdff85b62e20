. "$LIB"
registry TLS
named=localhost:${host##*:}
echo '--- nobody vouches for it'
shown wash oci push "$named/app:1" app.wasm | sed "s/localhost:[0-9]*/ADDRESS/g"
echo '--- its own certificate does'
shown wash oci push --ca-path registry.pem "$named/app:1" app.wasm
export WASH_OCI_CA_PATHS="$PWD/registry.pem"
shown wash oci pull "$named/app:1"
cmp app.wasm component.wasm
echo '--- a file that is no certificate'
shown wash oci pull --ca-path app.wasm "$named/app:1" | sed "s/localhost:[0-9]*/ADDRESS/g"
echo '--- plain HTTP where TLS is spoken'
shown wash oci pull --insecure "$named/app:1" | sed "s/localhost:[0-9]*/ADDRESS/g"
echo "--- TLS where plain HTTP is spoken"
unset WASH_OCI_CA_PATHS
registry
shown wash oci pull "$host/app:1"
shown wash oci push "$host" app.wasm
mkdir -p app/wit app/.wash
printf 'package my:app;\nworld app { import test:greet/greet@1.0.0; }\n' >app/wit/world.wit
printf 'wit: {sources: {"test:greet": "%s/test/greet"}}\n' "$host" >app/.wash/config.yaml
shown wash -C app wit fetch
