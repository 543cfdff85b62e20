. "$LIB"
registry
export SOURCE_DATE_EPOCH=1767323045
shown wash oci push --insecure "$host/app:1" app.wasm
openssl ecparam -name prime256v1 -genkey -noout -out ours.pem
openssl pkey -in ours.pem -pubout -out ours.pub
echo '--- openssl verifies what wash signed'
shown wash sign --insecure --key ours.pem "$host/app:1"
python3 "$TOOLS/signatures.py" fetch "http://$host" app:1
openssl dgst -sha256 -verify ours.pub -signature signature payload
sed -E 's/127\.0\.0\.1:[0-9]+/ADDRESS/; s/sha256:[0-9a-f]{64}/DIGEST/' payload; echo
sed -E 's/sha256:[0-9a-f]{64}/DIGEST/; s/"dev.*"/SIGNATURE/; s/"size": .*/"size": SIZE/' manifest
echo '--- wash verifies what openssl signed'
shown wash oci push --insecure "$host/theirs:1" app.wasm
python3 "$TOOLS/signatures.py" push "http://$host" theirs:1 ours.pem
shown wash -o json verify --insecure --key ours.pub "$host/theirs:1"
echo '--- a signature taken from another artifact'
python3 -c 'open("other.wasm", "wb").write(b"\0asm\x0d\0\1\0\0\2\1x")'
shown wash oci push --insecure "$host/theirs:2" other.wasm
python3 "$TOOLS/signatures.py" steal "http://$host" theirs:1 theirs:2
shown wash verify --insecure --key ours.pub "$host/theirs:2"
echo '--- a payload that was changed after it was signed'
python3 "$TOOLS/signatures.py" tamper "http://$host" theirs:2 ours.pem
shown wash verify --insecure --key ours.pub "$host/theirs:2"
