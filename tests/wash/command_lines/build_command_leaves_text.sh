mkdir .wash
echo 'build: {command: "echo \"(component)\" > app.wasm", component_path: app.wasm}' > .wash/config.yaml
wash build
