. "$LIB"
serve "$GUESTS/p2-hello.wasm"
# The body comes only after the signal.
(printf 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\n'; while ! test -e stopped; do sleep 0.02; done; printf 'body') |
  curl -s --max-time 20 "telnet://${url#http://}" >answer & client=$!
wait $client 2>/dev/null &
sleep 0.3
kill -TERM $pid; sleep 0.2; touch stopped
wait $pid; echo $?
head -n 1 answer
