. "$LIB"
mkdir -p .wash data
echo 'from the host' >data/note
cat >.wash/config.yaml <<'Y'
build:
  command: cp "$GUESTS/p2-mesh.wasm" app.wasm
  component_path: app.wasm
dev:
  service_file: service.wasm
  components:
    - name: side
      file: side.wasm
  volumes:
    - {host_path: data, guest_path: /data}
workload:
  environment: {config: {PORT: '47123'}}
Y
printf '*.wasm\n*.txt\nout\nlog\ndata\n' >.gitignore
cp "$GUESTS/p2-service.wasm" service.wasm
cp "$GUESTS/p2-hello.wasm" side.wasm
serve
turns=0
until grep -q 'service at' out; do sleep 0.02; turns=$((turns + 1)); [ $turns -lt 3000 ] || break; done
curl -s "$url/tcp/service.wasmcloud.internal/47123/hello"
curl -s "$url/tcp/127.0.0.1/47123/again"
curl -s "$url/tcp/localhost/47123/by-name"
# What listens in the workload listens nowhere else, and the machine's own ports are not there.
port=${url##*:}
curl -s --max-time 2 telnet://127.0.0.1:47123 </dev/null; echo "curl ended with $?"
curl -s "$url/tcp/127.0.0.1/$port/hello"
curl -s "$url/tcp/host.wasmcloud.internal/$port/hello"
curl -s "$url/listen/9999"
(curl -s "$url/tcp/127.0.0.1/47123/udp" >tcp.txt) &
curl -s "$url/udp/127.0.0.1/7778/datagram"
wait $!
cat tcp.txt
curl -s "$url/read/data/note"
curl -s "$url/write/data/reply/written"
cat data/reply; echo
curl -s "$url/tcp/127.0.0.1/47123/quit"
wait_for 'the service has ended'
curl -s "$url/tcp/127.0.0.1/47123/gone"
kill -INT $pid; wait $pid; echo "exit status $?"
grep -c 'nothing calls this component' log
