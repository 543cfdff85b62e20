. "$LIB"
command -v python3 >/dev/null || { echo "SKIP: there is no python3"; exit; }
# Killed in the middle of writes, again and again; what was acknowledged is there afterwards.
mkdir -p .wash
printf '*.wasm\n*.py\nstore\nacknowledged\nout\nlog\n' >.gitignore
cat >writer.py <<'P'
# Sets keys to ever new values of many bytes, on several connections, until nobody answers any more. Appends to the file
# acknowledged what was.
import http.client, sys, threading
url, path, run = sys.argv[1], sys.argv[2], sys.argv[3]
lock = threading.Lock()
done = open("acknowledged", "a")
def write(writer):
    try:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        for n in range(1000000):
            name, value = f"{writer}-{n % 3}", f"{run}.{n}." + "x" * (50000 + n)
            connection.request("PUT", f"{path}{name}", value)
            response = connection.getresponse()
            response.read()
            if response.status >= 300:
                print("status", response.status)
                return
            with lock:
                done.write(f"{path}{name} {run}.{n}\n")
                done.flush()
    except (OSError, http.client.HTTPException):
        pass
threads = [threading.Thread(target=write, args=[i]) for i in range(4)]
for each in threads: each.start()
for each in threads: each.join()
P
cat >reader.py <<'P'
# Looks for the last value of each key that was acknowledged, or a later one, in one piece.
import http.client, sys
last = {}
for line in open("acknowledged"):
    key, value = line.split()
    last[key] = tuple(map(int, value.split(".")))
connection = http.client.HTTPConnection(sys.argv[1].removeprefix("http://"), timeout=60)
wrong = 0
for key, (run, n) in last.items():
    connection.request("GET", key)
    response = connection.getresponse()
    text = response.read().decode()
    found = text.split(".")
    if response.status != 200 or len(found) != 3 or (int(found[0]), int(found[1])) < (run, n) or \
            found[2] != "x" * (50000 + int(found[1])):
        wrong += 1
        print("wrong:", key, run, n, response.status, text[:40])
print("keys:", len(last), "wrong:", wrong)
P
# killed GUEST KEY PATH: writes to it, and kills it.
killed() {
  rm -rf store acknowledged
  : >acknowledged
  cat >.wash/config.yaml <<Y
build: {command: 'cp "\$SHARED/$1.wasm" app.wasm', component_path: app.wasm}
dev: {$2: store}
Y
  for run in 1 2 3; do
    serve
    [ "$1$run" != p2-blobstore1 ] || curl -s -o /dev/null -X PUT "$url/box"
    python3 writer.py "$url" "$3" $run & writer=$!
    turns=0
    until [ "$(grep -c " $run\." acknowledged)" -gt 40 ] || [ $turns -gt 3000 ]; do sleep 0.02; turns=$((turns + 1)); done
    kill -9 $pid
    wait $pid 2>/dev/null
    wait $writer
    serve
    python3 reader.py "$url"
    # What was not written to its end is nobody's, and gone.
    find store -name '*.tmp' | wc -l
    kill -INT $pid; wait $pid
  done
}
echo '--- wasi:keyvalue'
killed p2-keyvalue wasi_keyvalue_path /kv/
echo '--- wasi:blobstore'
killed p2-blobstore wasi_blobstore_path /box/
