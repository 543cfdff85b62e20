[ -f "$COMPONENTS/call.wasm" ] || { echo "SKIP: wasm-tools is not installed"; exit; }
call() { wash call "$COMPONENTS/call.wasm" "$@"; echo $?; }
call 'ad(1, 2)'
call 'shape#move({x: 1})'
call 'add(1)'
call 'add(1, -2)'
call 'add(1, 2'
call 'shapes#move({y: 1})'
call 'counters#counter.get(1)'
call 'counters#[constructor]counter(1)'
wash call nothing.wasm 'add(1, 2)'; echo $?
wash call --interface wasi:keyvalue@1 "$COMPONENTS/call.wasm" 'add(1, 2)' 2>&1 | head -n 1
