[ -f "$COMPONENTS/call.wasm" ] || { echo "SKIP: wasm-tools is not installed"; exit; }
wash -o json call "$COMPONENTS/call.wasm" 'shapes#move({x: -3, label: "here"})'
wash -o json call "$COMPONENTS/call.wasm" 'shapes#move({x: 3})'
wash -o json call "$COMPONENTS/call.wasm" 'greatest()'
wash -o json call "$COMPONENTS/call.wasm" 'nothing()'
wash -o json call "$COMPONENTS/call.wasm" 'fail()' | head -n 3; echo
