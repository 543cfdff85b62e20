command -v bash >/dev/null || { echo "SKIP: bash is not installed"; exit; }
wash completion bash >script
cat >ask <<'EOF'
. ./script
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _wash; echo "$*: ${COMPREPLY[*]}"; }
ask wash b
ask wash ''
ask wash config ''
ask wash -C dir config init --f
ask wash config init --format ''
ask wash -o ''
ask wash build --sk
ask wash run ''
ask wash completion ''
ask wash completion f
ask wash doctor ty
ask wash new http-k
ask wash new --lang ''
ask wash run --pull ''
ask wash -l ''
ask wash compose a.wasm -o ''
EOF
bash ask
