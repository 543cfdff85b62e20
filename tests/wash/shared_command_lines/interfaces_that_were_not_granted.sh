wash dev --address 127.0.0.1:0 "$SHARED/p2-keyvalue-named.wasm" --interface hot=wasi:keyvalue 2>/dev/null; echo $?
wash dev --address 127.0.0.1:0 "$SHARED/p2-keyvalue.wasm" --interface keyvalue 2>/dev/null; echo $?
wash run --config a "$SHARED/p2-keyvalue.wasm"; echo $?
wash run "$SHARED/p2-keyvalue.wasm"; echo $?
