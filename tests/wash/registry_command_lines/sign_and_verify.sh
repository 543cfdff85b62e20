. "$LIB"
registry
export SOURCE_DATE_EPOCH=1767323045 COSIGN_PASSWORD=t1ger-word
shown wash oci push --insecure "$host/app:1" app.wasm
echo '--- unsigned'
shown wash verify --insecure "$host/app:1"
shown wash sign --insecure "$host/app:1"
shown wash sign --generate-key
shown wash sign --generate-key
stat -c '%a %n' cosign.key
grep BEGIN cosign.key cosign.pub
shown wash verify --insecure "$host/app:1"
shown wash sign --insecure "$host/none:1"
echo '--- signed, twice by the same key'
shown wash sign --insecure "$host/app:1"
shown wash -o json sign --insecure "$host/app:1"
shown wash -o json verify --insecure "$host/app:1"
echo '--- by another key, too'
COSIGN_PASSWORD= shown wash sign --generate-key --key other.key
shown wash verify --insecure --key other.pub "$host/app:1"
COSIGN_PASSWORD= shown wash sign --insecure --key other.key "$host/app:1"
shown wash verify --insecure --key other.pub "$host/app:1"
shown wash verify --insecure "$host/app:1"
echo '--- other bytes under the same tag'
python3 -c 'open("other.wasm", "wb").write(b"\0asm\x0d\0\1\0\0\2\1x")'
shown wash oci push --insecure "$host/app:1" other.wasm
shown wash verify --insecure "$host/app:1"
echo '--- keys that are none'
COSIGN_PASSWORD=l1on shown wash sign --insecure "$host/app:1"
shown wash sign --insecure --key app.wasm "$host/app:1"
shown wash verify --insecure --key cosign.key "$host/app:1"
shown wash verify --insecure --key nothing.pub "$host/app:1"
echo '--- no password in what was said'
grep -l 't1ger\|l1on' said cosign.key other.key
true
