. "$LIB"
command -v python3 >/dev/null || { echo "SKIP: there is no python3"; exit; }
mkdir -p .wash
cat >server.py <<'P'
# Answers lines and requests; those that say "hold" only when there is a file go.
import os, socket, threading, time
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
def serve(connection):
    with connection:
        text = connection.recv(65536).decode()
        while "hold" in text and not os.path.exists("go"):
            time.sleep(0.02)
        if text.startswith("GET"):
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nok\n")
        else:
            connection.sendall(b"ok\n")
        # To close before all was read would reset what was sent.
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
while True:
    connection, _ = listener.accept()
    print("accepted", flush=True)
    threading.Thread(target=serve, args=[connection], daemon=True).start()
P
python3 server.py >server.out & server=$!
turns=0
until [ -s server.out ] || [ $turns -gt 3000 ]; do sleep 0.02; turns=$((turns + 1)); done
port=$(head -n 1 server.out)
printf '*.wasm\n*.py\n*.txt\nserver.out\ngo\nout\nlog\n' >.gitignore
# limited GUEST LINES...: the component, and what dev has beside it.
limited() {
  cat >.wash/config.yaml <<Y
build: {command: 'cp "\$GUESTS/$1.wasm" app.wasm', component_path: app.wasm}
dev: {$2}
workload: {allowedHosts: ['127.0.0.1:$port']}
Y
  rm -f go
  accepted=$(grep -c accepted server.out)
  serve
}
# one_more WHAT: asks for it while another one is held, and again when that is over.
one_more() {
  curl -s "$url/$1hold" >held.txt & held=$!
  turns=0
  until [ "$(grep -c accepted server.out)" -gt "$accepted" ] || [ $turns -gt 3000 ]; do sleep 0.02; turns=$((turns + 1)); done
  curl -s "$url/$1more"
  curl -s "$url/$1more"
  touch go
  wait $held
  cat held.txt
  # The answer may be there before the instance, and with it the connection, is gone.
  turns=0
  until curl -s "$url/$1more" >again.txt; grep -q '^ok' again.txt || [ $turns -gt 500 ]; do sleep 0.02; turns=$((turns + 1)); done
  cat again.txt
  grep -o 'the limit of .* is reached' log
  kill -INT $pid; wait $pid
}
echo '--- one socket'
limited p2-mesh 'max_outbound_socket_connections_per_workload: 1'
one_more "tcp/127.0.0.1/$port/" | sed "s/:$port/:PORT/"
echo '--- one connection of all'
limited p2-mesh 'max_connections: 1'
one_more "tcp/127.0.0.1/$port/" | sed "s/:$port/:PORT/"
echo '--- one request, and a short wait'
limited p3-http 'max_outbound_http_connections_per_workload: 1, http_connection_wait: 200ms'
one_more "to/127.0.0.1:$port/"
kill $server
