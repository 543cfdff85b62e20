mkdir .wash
echo 'build: {command: "echo hello > app.wasm", component_path: app.wasm}' > .wash/config.yaml
wash build
