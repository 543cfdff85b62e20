. "$LIB"
printf 'one\ntwo\n' | wash run "$SHARED/p3-cli.wasm" a 'b c'
# Async functions, streams and futures between two components.
wash run "$SHARED/p3-tasks-composed.wasm" | tail -n 3
