. "$LIB"
mkdir -p .wash
cp "$GUESTS/p3-http.wasm" "$GUESTS/p2-hello.wasm" .
printf '*.wasm\nout\nlog\n' >.gitignore
# configured KEYS...: the component answers the requests, beside a service, with these keys.
configured() {
  cat >.wash/config.yaml <<Y
build: {command: 'cp "\$GUESTS/p2-service.wasm" app.wasm', component_path: app.wasm}
dev:
  service: true
  components:
    - {name: answers, file: ${file:-p3-http.wasm}$*}
Y
}
# calls: how many the instances of seven requests have answered. On one connection, since an instance belongs to a processor.
calls() { u="$url/calls"; curl -s "$u" "$u" "$u" "$u" "$u" "$u" "$u" | tr '\n' ' '; echo; }
end() { kill -INT $pid; wait $pid; }
# at_once N: how many requests at most run in an instance, while ever more wait: on the processor that is asked, one of them is
# alone in an instance now or soon, until another joins it.
at_once() {
  waiting= most=0 turns=0
  while [ $turns -lt 50 ] || { [ "$most" -lt "$1" ] && [ $turns -lt 800 ]; }; do
    [ $((turns % 10)) -ne 0 ] || { curl -s "$url/wait?ms=100000" >/dev/null & waiting="$waiting $!"; }
    turns=$((turns + 1))
    now=$(curl -s "$url/running")
    [ "$now" -le "$most" ] || most=$now
    [ "$most" -le "$1" ] || break
  done
  echo "at most $most of $1 at once"
  kill $waiting
}
echo '--- without any: many requests for one instance'
configured
serve; calls; end
echo '--- three requests, then another instance'
configured ', maxInvocations: 3'
serve; calls; end
echo '--- a pool of one instance: any number of requests, one at a time'
configured ', poolSize: 1'
serve; calls; at_once 1; end
echo '--- and all of them'
configured ', poolSize: 4, maxInvocations: 4, maxConcurrency: 2'
serve; calls; end
echo '--- two at a time'
configured ', maxConcurrency: 2'
serve; at_once 2; end
configured ', poolSize: 4, maxInvocations: 4, maxConcurrency: 2'
echo '--- a flag is over it'
serve --max-instance-reuse-count 2; calls; end
echo '--- WASI 0.2'
file=p2-hello.wasm
configured ', poolSize: 1'
serve
curl -s "$url/"
stop INT | grep poolSize
