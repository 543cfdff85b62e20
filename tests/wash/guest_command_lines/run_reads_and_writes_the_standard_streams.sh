. "$LIB"
printf 'one\ntwo' | wash run "$GUESTS/p2-cli.wasm" cat
wash run "$GUESTS/p2-cli.wasm" both
