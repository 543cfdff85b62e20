mkdir .wash
echo 'build: {command: "true", component_path: out/app.wasm}' > .wash/config.yaml
wash build
