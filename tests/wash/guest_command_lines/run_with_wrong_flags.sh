. "$LIB"
wash run; echo $?
wash run --enw A=B "$GUESTS/p2-cli.wasm"; echo $?
wash run --env AB "$GUESTS/p2-cli.wasm"; echo $?
wash run --env A=1 --env A=2 "$GUESTS/p2-cli.wasm"; echo $?
wash run --dir nowhere::/data "$GUESTS/p2-cli.wasm"; echo $?
wash run --dir :: "$GUESTS/p2-cli.wasm"; echo $?
wash run --memory-limit lots "$GUESTS/p2-cli.wasm"; echo $?
