call() { wash call "$SHARED/p2-values.wasm" "$@"; }
call | sed -E 's/<resource [0-9]+>/<resource>/g'
