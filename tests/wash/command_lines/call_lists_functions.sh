[ -f "$COMPONENTS/call.wasm" ] || { echo "SKIP: wasm-tools is not installed"; exit; }
wash call "$COMPONENTS/call.wasm"; echo $?
wash call -o json "$COMPONENTS/call.wasm" | head -n 12
printf '\0asm\015\0\001\0' >empty.wasm; wash call empty.wasm; echo $?
