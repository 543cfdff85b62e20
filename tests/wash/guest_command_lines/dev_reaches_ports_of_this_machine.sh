. "$LIB"
# Another wash is what listens here.
serve "$GUESTS/p2-hello.wasm"
other=$url other_pid=$pid
mkdir -p .wash
cat >.wash/config.yaml <<Y
build:
  command: cp "\$GUESTS/p2-mesh.wasm" app.wasm
  component_path: app.wasm
workload:
  allowedHostLoopbackPorts: ["${other##*:}"]
Y
serve
curl -s "$url/tcp/host.wasmcloud.internal/${other##*:}/GARBAGE" | sed 's/:[0-9]*$/:PORT/'
curl -s "$url/tcp/host.wasmcloud.internal/${url##*:}/GARBAGE"
curl -s "$url/tcp/127.0.0.1/${other##*:}/GARBAGE"
kill -INT $pid; wait $pid
kill -INT $other_pid; wait $other_pid
