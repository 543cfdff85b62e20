. "$LIB"
# Interrupted while it waits for input; a first line shows that it runs.
mkfifo input
wash run "$GUESTS/p2-cli.wasm" cat <input >out & pid=$!
exec 3>input
echo line >&3
until grep -qs line out; do sleep 0.02; done
kill -INT $pid; wait $pid; echo $?
