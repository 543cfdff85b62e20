command -v zsh >/dev/null || { echo "SKIP: zsh is not installed"; exit; }
wash completion zsh >_wash
# What the function tells zsh, in place of zsh's own ways to show it.
cat >ask <<'END'
compdef() { :; }
compadd() { [[ $1 == -- ]] && shift; print -r -- "words: $*"; }
_files() { print files; }
_describe() { local list=$argv[-1]; print -rl -- ${(P)list}; }
. ./_wash
ask() { words=("$@"); CURRENT=$#; print -r -- "--- $*"; _wash; }
ask wash config ''
ask wash config init --format ''
ask wash new --lang ''
ask wash run --pull ''
ask wash -l ''
ask wash run ''
ask wash doctor ''
ask wash compose a.wasm -o ''
END
zsh -f ask
