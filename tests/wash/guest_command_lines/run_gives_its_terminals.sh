# util-linux's script runs a command on a pseudo terminal of its own.
command -v script >/dev/null || { echo "SKIP: there is no script(1)"; exit; }
on_terminal() {
  TERM=dumb script -qec "$1" /dev/null </dev/null | tr '\r' '\n' | sed 's/\x1b\[[0-9;?]*[A-Za-z]//g' | grep -E '^(true|false) '
}
command="wash run '$GUESTS/p2-cli.wasm' terminals"
wash run "$GUESTS/p2-cli.wasm" terminals </dev/null
on_terminal "$command"
on_terminal "$command </dev/null"
on_terminal "$command >out; cat out"
on_terminal "$command 2>/dev/null"
