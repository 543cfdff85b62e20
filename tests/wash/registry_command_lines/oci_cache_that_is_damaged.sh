. "$LIB"
registry
shown wash oci push --insecure "$host/app:1" app.wasm
folder=$(echo "$HOME"/.cache/wash/oci/*)
pull() { shown wash oci pull --insecure "$host/app:1"; cmp app.wasm component.wasm; cmp app.wasm "$folder"/*.wasm; }
echo '--- other bytes'
printf 'damaged!' >"$folder/$(basename "$folder"/*.wasm)"
pull
echo '--- another digest'
echo sha256:0000000000000000000000000000000000000000000000000000000000000000 >"$folder/digest"
pull
echo '--- no manifest'
rm "$folder/manifest.json"
pull
echo '--- a cache that cannot be written'
mv "$HOME/.cache/wash/oci" aside
echo file >"$HOME/.cache/wash/oci"
shown wash oci pull --insecure "$host/app:1"
cmp app.wasm component.wasm
