call() { wash call "$SHARED/p2-values.wasm" "$@"; }
call
