. "$LIB"
wash dev --address 127.0.0.1:0 nothing.wasm; echo $?
wash dev --address 127.0.0.1:0 "$GUESTS/p2-cli.wasm" 2>/dev/null; echo $?
echo garbage >garbage.wasm; wash dev --address 127.0.0.1:0 garbage.wasm; echo $?
wash dev --address 127.0.0.1:0; echo $?
