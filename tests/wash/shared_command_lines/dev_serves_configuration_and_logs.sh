. "$LIB"
mkdir -p .wash
cat >.wash/config.yaml <<'Y'
build:
  command: cp "$SHARED/p2-config-log.wasm" app.wasm
  component_path: app.wasm
dev:
  host_interfaces:
    - namespace: wasi
      package: config
      interfaces: [store]
      config: {colour: from the entry, size: from the entry, shape: from the entry}
workload:
  config: {size: from the workload, shape: from the workload}
  environment:
    config: {shape: from the environment}
Y
serve --config extra=of-a-flag
curl -s "$url/config"
curl -s "$url/config/size"
curl -s "$url/config/none"
curl -s "$url/warn/paper%20is%20low"
curl -s "$url/trace/nobody%20sees%20this"
wait_for GET 5
stop INT
