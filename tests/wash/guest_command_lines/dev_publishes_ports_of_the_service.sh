. "$LIB"
command -v python3 >/dev/null || { echo "SKIP: there is no python3"; exit; }
mkdir -p .wash
cat >free.py <<'P'
import socket
kinds = [socket.SOCK_STREAM, socket.SOCK_STREAM, socket.SOCK_DGRAM]
sockets = [socket.socket(socket.AF_INET, kind) for kind in kinds]
for each in sockets:
    each.bind(("127.0.0.1", 0))
print(*[each.getsockname()[1] for each in sockets])
P
cat >client.py <<'P'
# Lines that it sends, one at a time on connections of their own, and what comes back; "hold" only connects, and "held" goes on
# with the first of those.
import socket, sys
port, *lines = sys.argv[1:]
held = []
def answer(connection, line):
    try:
        connection.sendall(line.encode() + b"\n")
        return connection.makefile().readline().strip() or "the end"
    except OSError as error:
        return type(error).__name__
for line in lines:
    if line == "held":
        with held.pop(0) as connection:
            print(answer(connection, "waited"))
        continue
    try:
        connection = socket.create_connection(("127.0.0.1", int(port)), timeout=60)
    except OSError as error:
        print(type(error).__name__)
        continue
    if line == "hold":
        held.append(connection)
        continue
    with connection:
        print(answer(connection, line))
P
cat >datagram.py <<'P'
# Asks the service, over TCP, to answer a datagram, and sends one.
import socket, sys
tcp, udp = map(int, sys.argv[1:])
with socket.create_connection(("127.0.0.1", tcp), timeout=60) as connection:
    connection.sendall(b"udp\n")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.settimeout(60)
        peer.connect(("127.0.0.1", udp))
        peer.send(b"ping")
        print("datagram:", peer.recv(100).decode())
    print("line:", connection.makefile().readline().strip())
P
read -r tcp other udp <<E
$(python3 free.py)
E
cat >.wash/config.yaml <<Y
build: {command: 'cp "\$GUESTS/p2-service.wasm" app.wasm', component_path: app.wasm}
dev:
  service: true
  service_ports:
    - {name: lines, port: 47123, publish: $tcp}
    - {name: datagrams, port: 7778, protocol: UDP, publish: $udp}
    - {name: inside, port: 9}
  max_inbound_socket_connections_per_workload: 2
  components:
    - {name: answers, file: mesh.wasm}
workload:
  environment: {config: {PORT: '47123'}}
Y
cp "$GUESTS/p2-mesh.wasm" mesh.wasm
printf '*.wasm\n*.py\nout\nlog\n' >.gitignore
ready() { turns=0; until [ "$(grep -c 'service at' out)" -ge "$1" ] || [ $turns -gt 3000 ]; do sleep 0.02; turns=$((turns + 1)); done; }
serve
ready 1
echo '--- from outside and from inside'
python3 client.py $tcp hello again
curl -s "$url/tcp/127.0.0.1/47123/inside"
python3 datagram.py $tcp $udp
echo '--- two at a time; more are reset'
python3 client.py $tcp hold hold third held held fourth
grep -c 'the limit of 2 inbound socket connections of dev is reached' log
echo '--- the port is taken'
wash dev --address 127.0.0.1:0 2>&1 | grep -o "listening at port .*" | sed 's/port [0-9]*/port TCP/'
echo '--- another one, by the configuration; the datagrams stay where they are'
sed -i "s/publish: $tcp/publish: $other/" .wash/config.yaml
wait_for 'now serving the new'
ready 2
python3 client.py $other hello
python3 client.py $tcp hello
python3 datagram.py $other $udp
echo '--- nobody listens any more'
python3 client.py $other quit
wait_for 'the service has ended'
python3 client.py $other hello
kill -INT $pid; wait $pid; echo "exit status $?"
