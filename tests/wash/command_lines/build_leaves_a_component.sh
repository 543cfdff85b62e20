# The component is found from a folder below, and the environment reaches the command.
mkdir -p .wash src
cat > .wash/config.yaml <<'Y'
build:
  command: |
    echo "building $GREETING for $WASH_COMPONENT_PATH"
    printf '\0asm\015\0\001\0' > out/app.wasm
  component_path: out/app.wasm
  env:
    GREETING: hello
Y
mkdir out
cd src
wash build
