# What toolchains make of functions that return streams and futures.
call() { wash call "$SHARED/p3-tasks.wasm" "$@"; echo "exit status $?"; }
call 'items(3)'
call 'items(20000)' | tail -c 40
call 'ticks(2)'
call 'later(1)'
wash call "$SHARED/p3-tasks.wasm" 'items(1000000)' | head -c 41; echo
call 'nested()' 2>&1
call --output json 'items(2)' | grep -c '"name"'
