. "$LIB"
wash run "$GUESTS/p2-cli.wasm" exit 0; echo $?
wash run "$GUESTS/p2-cli.wasm" exit 1; echo $?
wash -o json run "$GUESTS/p2-cli.wasm" exit 1; echo $?
