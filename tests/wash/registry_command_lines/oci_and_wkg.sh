# Another program for the same artifacts: either reads what the other pushed, byte for byte.
. "$LIB"
PATH=$PATH:$WASM_TOOLS_FOLDER
command -v wkg >/dev/null || { echo "SKIP: wkg is not installed"; exit; }
cp "$COMPONENTS"/call.wasm . 2>/dev/null || cp app.wasm call.wasm
registry
for file in app call; do
  echo "--- $file.wasm, from it to here"
  shown wkg oci push --insecure "$host" "$host/by/wkg:$file" $file.wasm
  shown wash oci pull --insecure "$host/by/wkg:$file" pulled.wasm
  cmp $file.wasm pulled.wasm
  echo "--- $file.wasm, from here to it"
  shown wash oci push --insecure "$host/by/wash:$file" $file.wasm --tag "$file-too"
  for tag in $file $file-too; do
    shown wkg oci pull --insecure "$host" "$host/by/wash:$tag" -o pulled.wasm
    cmp $file.wasm pulled.wasm
  done
done
echo '--- what it says of itself'
wkg oci push --insecure "$host" --author Ann --annotation org.opencontainers.image.version=1.2.3 "$host/by/wkg:2" app.wasm >/dev/null
wash inspect --insecure "$host/by/wkg:2"
echo '--- one login for both'
unset DOCKER_CONFIG
registry AUTH
shown wkg oci push --insecure "$host" -u ann -p s3cret-word "$host/by/wkg:1" app.wasm
shown wash oci pull --insecure "$host/by/wkg:1" pulled.wasm
mkdir "$HOME/.docker"
printf '{"auths": {"%s": {"auth": "%s"}}}' "$host" "$(printf ann:s3cret-word | base64)" >"$HOME/.docker/config.json"
shown wash oci pull --insecure "$host/by/wkg:1" pulled.wasm
cmp app.wasm pulled.wasm
shown wash oci push --insecure "$host/by/wash:1" app.wasm
shown wkg oci pull --insecure "$host" "$host/by/wash:1" -o pulled.wasm
cmp app.wasm pulled.wasm
