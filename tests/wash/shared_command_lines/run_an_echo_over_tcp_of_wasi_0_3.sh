. "$LIB"
command -v nc >/dev/null || { echo "SKIP: nc is not installed"; exit; }
port=$((20000 + ($$ * 7 + 9031) % 12000))
wash run --env PORT=$port --allow-listen 127.0.0.1:$port "$SHARED/p3-tcp-echo.wasm" 2>log & pid=$!
until nc -z 127.0.0.1 $port; do kill -0 $pid || { cat log; exit; }; sleep 0.02; done
# Two at once, in tasks of their own.
(printf 'one\n'; sleep 0.5; printf 'more\n') | nc -q1 127.0.0.1 $port >first & first=$!
printf 'two\n' | nc -q1 127.0.0.1 $port
wait $first; cat first
head -c 3000000 /dev/zero | nc -q1 127.0.0.1 $port | wc -c
kill -INT $pid; wait $pid; echo "$?"
