. "$LIB"
# A listener where it may be reached, a client of the system, and what happens without the flag.
command -v nc >/dev/null || { echo "SKIP: nc is not installed"; exit; }
wash run "$SHARED/p2-tcp-service.wasm" >denied 2>&1; echo "$?"
grep -c "Permission denied\|PermissionDenied" denied
for try in 1 2 3 4 5 6 7 8; do
  port=$((20000 + ($$ * 7 + try * 977) % 12000)) # below the ports that the system gives away
  wash run --env PORT=$port --allow-listen 127.0.0.1:$port "$SHARED/p2-tcp-service.wasm" >out 2>log &
  pid=$!
  until grep -qs listening out; do kill -0 $pid 2>/dev/null || continue 2; sleep 0.02; done
  break
done
printf 'hello\nsecond line\n' | nc -q 1 127.0.0.1 $port
printf 'quit\n' | nc -q 1 127.0.0.1 $port
wait $pid; echo "$?"
