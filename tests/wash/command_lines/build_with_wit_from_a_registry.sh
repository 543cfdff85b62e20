mkdir -p .wash wit
printf 'package my:app;\nworld app {\n  import nowhere:http/types@0.2.2;\n}\n' > wit/world.wit
printf 'build: {command: "true", component_path: app.wasm}\n' > .wash/config.yaml
wash build
