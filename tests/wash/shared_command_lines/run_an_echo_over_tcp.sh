. "$LIB"
command -v nc >/dev/null || { echo "SKIP: nc is not installed"; exit; }
port=$((20000 + ($$ * 7 + 8087) % 12000))
wash run --env PORT=$port --allow-listen 127.0.0.1:$port "$SHARED/p2-tcp-echo.wasm" >out 2>log & pid=$!
until grep -qs listening out log; do kill -0 $pid || exit; sleep 0.02; done
# Two at once, on one poll.
(printf 'one\n'; sleep 0.5; printf 'more\n') | nc -q1 127.0.0.1 $port >first & first=$!
printf 'two\n' | nc -q1 127.0.0.1 $port
wait $first; cat first
kill -INT $pid; wait $pid; echo "$?"
