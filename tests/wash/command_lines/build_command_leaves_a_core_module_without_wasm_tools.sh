mkdir .wash
cat > .wash/config.yaml <<'Y'
build:
  command: printf '\0asm\001\0\0\0' > app.wasm
  component_path: app.wasm
Y
mkdir bin && ln -s "$(command -v wash)" /bin/sh /usr/bin/printf bin/
PATH=$PWD/bin wash build
