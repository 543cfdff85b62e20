. "$LIB"
[ -f "$GUESTS/p2-cli.wasm" ] || { echo "SKIP: the guests are not built"; exit; }
registry
shown wash oci push --insecure "$host/tools/cli:1" "$GUESTS/p2-cli.wasm"
rm -rf "$HOME/.cache/wash/oci"
echo '--- only from the cache, which is empty'
shown wash run --insecure --pull never "$host/tools/cli:1" args hello
echo '--- pulled'
shown wash run --insecure "$host/tools/cli:1" args hello
echo '--- and kept: the registry is not there any more'
kill $servers
wait
shown wash run "$host/tools/cli:1" args again
shown wash run --pull never "$host/tools/cli:1" args again
shown wash run --insecure --pull always "$host/tools/cli:1" args again
echo '--- words that are neither'
shown wash run tool
shown wash run ./tool
shown wash run .
shown wash run --pull sometimes "$host/tools/cli:1"
