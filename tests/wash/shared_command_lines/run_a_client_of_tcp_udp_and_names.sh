. "$LIB"
# Real servers: another guest for TCP, and one for UDP; each reaches what its flags name.
guest="$SHARED/p2-net-client.wasm"
wash run --allow-lookup localhost "$guest" resolve localhost; echo "$?"
wash run "$guest" resolve localhost >/dev/null 2>&1; echo "$?"
port=$((20000 + ($$ * 7 + 5011) % 12000))
# An answer is a datagram of its own, so the server must also be allowed to send.
wash run --allow-listen 127.0.0.1 --allow-connect 127.0.0.1 "$guest" udp-serve $port >out 2>log & pid=$!
until grep -qs listening out; do kill -0 $pid || exit; sleep 0.02; done
wash run --allow-connect 127.0.0.1 "$guest" udp 127.0.0.1:$port ping | sed "s/:$port/:PORT/"
wait $pid; echo "$?"
wash run --allow-connect '*' "$guest" tcp 127.0.0.1:$port x >/dev/null 2>&1; echo "$?"
wash run --allow-connect 300.1.1.1 "$guest" tcp x x; echo "$?"
