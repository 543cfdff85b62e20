[ -f "$COMPONENTS/call.wasm" ] || { echo "SKIP: wasm-tools is not installed"; exit; }
call() { wash call "$COMPONENTS/call.wasm" "$@"; }
call 'add(1, 2)'
call 'nothing()'; echo $?
call nothing
call 'greatest()'
call 'later(21)'
call 'echo("snow \u{2603}\n")'
call 'echo("twice", 2)'
call 'test:call/shapes@1.2.0#move({x: -3, label: "here"})'
call 'test:call/shapes@1.0.7#move({x: -3})'
call 'test:call/shapes#move({label: none, x: 4})'
call 'shapes#move({x: 5})'
call 'move({x: 6, label: some("")}) // the only one'
