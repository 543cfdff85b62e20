. "$LIB"
mkdir -p .wash configs .git
export HIDDEN=hidden-of-the-environment LEVEL=of-the-environment
cat >.wash/config.yaml <<'Y'
build:
  command: cp "$GUESTS/p2-mesh.wasm" app.wasm; echo built
  component_path: app.wasm
configs:
  base:
    inline: {COLOUR: inline, SIZE: inline}
    file: base.env
    dir: configs
    fromEnv: [LEVEL]
secrets:
  keys:
    inline: {INLINE: hidden-inline}
    file: .env
    fromEnv: [HIDDEN]
workload:
  environment:
    config: {NAME: workload, COLOUR: workload}
    configFrom: [base]
    secretFrom: [keys]
Y
printf '# sizes\nSIZE = file\nSHAPE=file\n' >base.env
printf 'dir' >configs/SHAPE
echo 'FILE=hidden-of-the-file' >.env
chmod 600 .env
echo '--- not ignored'
wash dev --address 127.0.0.1:0; echo $?
printf '/.env\nout\nlog\n*.wasm\n' >.gitignore
chmod 644 .env
echo '--- open to others'
wash dev --address 127.0.0.1:0; echo $?
chmod 600 .env
echo '--- served'
wash -l trace config show | grep -c hidden
serve -l trace --verbose
curl -s "$url/env" | grep -v hidden
curl -s "$url/env/INLINE"
curl -s "$url/env/FILE"
curl -s "$url/env/HIDDEN"
cp "$GUESTS/p2-hello.wasm" another.wasm
kill -INT $pid; wait $pid; echo "exit status $?"
echo "$(cat out log | grep -c hidden) lines show a secret"
# Nor is it anywhere that wash keeps.
grep -rl hidden "$HOME" . | sort
