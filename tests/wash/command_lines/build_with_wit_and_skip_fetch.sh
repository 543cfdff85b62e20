mkdir -p .wash wit
printf 'package my:app;\nworld app {\n  import wasi:http/types@0.2.2;\n}\n' > wit/world.wit
cat > .wash/config.yaml <<'Y'
build:
  command: printf '\0asm\015\0\001\0' > app.wasm
  component_path: app.wasm
Y
wash build --skip-fetch
