. "$LIB"
mkdir shared private; echo content >shared/file; echo secret >private/file
wash run --dir shared::/data "$GUESTS/p2-cli.wasm" read /data/file
wash run --dir shared::/data "$GUESTS/p2-cli.wasm" read /data/../private/file 2>/dev/null; echo $?
wash run "$GUESTS/p2-cli.wasm" ls / 2>/dev/null; echo $?
