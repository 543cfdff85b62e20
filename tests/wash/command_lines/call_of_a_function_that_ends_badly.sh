[ -f "$COMPONENTS/call.wasm" ] || { echo "SKIP: wasm-tools is not installed"; exit; }
# The backtrace names places of the binary.
wash call "$COMPONENTS/call.wasm" 'fail()' 2>errors; echo $?
head -n 1 errors
wash call "$COMPONENTS/call.wasm" 'quit(err)'; echo $?
wash call "$COMPONENTS/call.wasm" 'quit(ok)'; echo $?
