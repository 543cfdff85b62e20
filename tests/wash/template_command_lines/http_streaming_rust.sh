. "$(dirname "$0")/lib"
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
mkfifo lines
curl -s -N -T - -X POST "$url/upper" <lines >answer &
client=$!
exec 9>lines
echo first >&9
turns=0
until grep -q FIRST answer || [ $turns -gt 1500 ]; do turns=$((turns + 1)); sleep 0.02; done
cat answer
echo second >&9
exec 9>&-
wait $client
cat answer
finish
passed cargo test --quiet
