[ -f "$COMPONENTS/call-streams.wasm" ] || { echo "SKIP: wasm-tools is not installed"; exit; }
call() { wash call "$COMPONENTS/call-streams.wasm" "$@"; echo "exit status $?"; }
wash call "$COMPONENTS/call-streams.wasm" | tail -n +2
echo '--- streams and futures'
call 'count(10)'
call 'count(0)'
call 'words()'
call 'ticks()'
call 'later(42)'
call 'both()'
call 'count(100000)' | cksum
echo '--- a guest that traps while it writes'
call 'broken()' 2>said
head -n 1 said | sed "s,$COMPONENTS,HERE,"
echo '--- nobody reads any more'
wash call "$COMPONENTS/call-streams.wasm" 'endless()' | head -c 30; echo
echo '--- streams of streams'
call 'nested()' 2>&1
echo '--- as JSON'
call --output json 'both()'
call --output json 'broken()' | sed -n 's/.*\(unreachable\).*/\1/p'
call --output json 'endless()' | sed -n 's/.*"message": ".*wasm: \(.*\)",/\1/p'
