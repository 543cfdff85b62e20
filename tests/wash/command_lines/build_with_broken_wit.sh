mkdir -p .wash wit
printf 'package my:app;\nworld app {\n  imprt x;\n}\n' > wit/world.wit
printf 'build: {command: "true", component_path: app.wasm}\n' > .wash/config.yaml
wash build
