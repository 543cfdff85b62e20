. "$LIB"
printf 'one\ntwo\n' | wash run "$GUESTS/p3-cli.wasm" upper
wash run "$GUESTS/p3-cli.wasm" args a 'b c'
wash run "$GUESTS/p3-cli.wasm" exit 7; echo $?
wash run "$GUESTS/p3-cli.wasm" fail; echo $?
wash run "$GUESTS/p3-cli.wasm" late
mkdir folder; wash run --dir folder::/data "$GUESTS/p3-cli.wasm" files
