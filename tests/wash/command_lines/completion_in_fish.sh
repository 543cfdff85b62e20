command -v fish >/dev/null || { echo "SKIP: fish is not installed"; exit; }
wash completion fish >script.fish
ask() { echo "--- $1"; fish --no-config -c 'source script.fish; complete -C $argv' "$1"; }
touch file.wasm
ask 'wash co'
ask 'wash config '
ask 'wash config init --format '
ask 'wash new --lang '
ask 'wash new http-k'
ask 'wash run --pull '
ask 'wash -l '
ask 'wash run fi'
ask 'wash doctor t'
