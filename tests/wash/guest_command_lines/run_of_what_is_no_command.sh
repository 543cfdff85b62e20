. "$LIB"
wash run "$GUESTS/p2-hello.wasm"; echo $?
wash run nothing.wasm; echo $?
printf '\0asm\001\0\0\0' >core.wasm; wash run core.wasm; echo $?
echo '(component)' >text.wat; wash run text.wat; echo $?
head -c 2000 "$GUESTS/p2-cli.wasm" >cut.wasm; wash run cut.wasm 2>errors; echo $?; test -s errors && echo "says why"
