. "$LIB"
wash run "$GUESTS/p2-cli.wasm" args one --output json -- last
WHO=nobody wash run --env WHO=me --env EMPTY= "$GUESTS/p2-cli.wasm" env
