. "$LIB"
wash run --memory-limit 4MiB "$GUESTS/p2-cli.wasm" grow >/dev/null 2>&1; echo $?
wash run --memory-limit 1KiB "$GUESTS/p2-cli.wasm" grow; echo $?
