. "$LIB"
registry
export SOURCE_DATE_EPOCH=1767323045
echo '--- nothing there yet'
shown wash oci pull --insecure "$host/team/app:1" out.wasm
ls out.wasm 2>&1
echo '--- pushed under three tags'
shown wash oci push --insecure "$host/team/app:1" app.wasm --tag latest --tag 1.0
echo '--- pulled by each, and by its digest'
for tag in 1 latest 1.0; do
  shown wash docker pull --insecure "$host/team/app:$tag" "$tag.wasm"
  cmp app.wasm "$tag.wasm"
done
digest=$(wash -o json oci pull --insecure "$host/team/app:1" | sed -n 's/.*"digest": "\(.*\)".*/\1/p')
shown wash -o json oci pull --insecure "$host/team/app@$digest"
cmp app.wasm component.wasm
cached
echo '--- what is no component'
echo text >text.wasm
shown wash oci push --insecure "$host/team/app:1" text.wasm
shown wash oci push --insecure "$host/team/app:1" nothing.wasm
printf '\0asm\1\0\0\0' >core.wasm
shown wash oci push --insecure "$host/team/app:1" core.wasm
echo '--- references and tags that are none'
for reference in team/App team/app:-1 "$host/" "$host/a//b" "$host/a@sha256:12" "https://$host/a"; do
  shown wash oci pull --insecure "$reference"
done
shown wash oci push --insecure "$host/team/app:1" app.wasm --tag 'a b'
shown wash oci push --insecure "$host/team/app@$digest" app.wasm
