. "$LIB"
wash run "$GUESTS/p2-cli.wasm" panic 2>errors; echo $?
grep -o 'wasm trap: .*' errors | head -n 1
