. "$(dirname "$0")/lib"
needs python3
rust_project http-streaming-rust
built
serve
ask "$url/"
ask "$url/echo" -d 'as it came
'
ask "$url/upper" -d 'in capitals
'
ask "$url/ticks"
seq 100000 | ask "$url/words" --data-binary @-
ask "$url/echo"
ask "$url/else"
echo "--- the answer begins before the request ends"
# Not by curl: it does not look at the answer while it waits for more to send.
python3 - "${url#http://}" <<'PYTHON'
import http.client, sys
client = http.client.HTTPConnection(sys.argv[1], timeout=60)
client.putrequest("POST", "/upper")
client.putheader("Transfer-Encoding", "chunked")
client.endheaders()
client.send(b"6\r\nfirst\n\r\n")
answer = client.response_class(client.sock, method="POST")
answer.begin()
print(answer.readline().decode(), end="")
client.send(b"7\r\nsecond\n\r\n0\r\n\r\n")
print(answer.read().decode(), end="")
PYTHON
finish
passed cargo test --quiet
