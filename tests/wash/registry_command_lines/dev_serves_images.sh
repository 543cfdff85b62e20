. "$LIB"
[ -f "$GUESTS/p2-hello.wasm" ] || { echo "SKIP: the guests are not built"; exit; }
registry
mkdir -p app/.wash
cd app
printf '*.wasm\nout\nlog\n' >.gitignore
# configured HOST POLICY: a component that answers and a service, both in a registry.
configured() {
  cat >.wash/config.yaml <<Y
build: {command: 'cp "\$GUESTS/p2-service.wasm" app.wasm', component_path: app.wasm}
dev:
  service_image: $1/demo/service:1
  service_pull_policy: $2
  allow_insecure_registries: true
  components:
    - {name: answers, image: '$1/demo/answers:1', pullPolicy: $2}
workload: {environment: {config: {PORT: '47123'}}}
Y
}
# push NAME GUEST: from elsewhere, since what is pushed is kept.
push() { XDG_CACHE_HOME=$PWD/elsewhere wash oci push --insecure "$host/demo/$1:1" "$GUESTS/$2.wasm" >/dev/null || echo "not pushed"; }
# served: what it answers, and what the service says first.
served() {
  : >out >log
  wash dev --address 127.0.0.1:0 >out 2>log & pid=$!
  url=
  turns=0
  while [ -z "$url" ]; do
    kill -0 $pid 2>/dev/null || { cat log out | sed -E 's/127\.0\.0\.1:[0-9]+/ADDRESS/g; s/^[0-9T:.-]+Z/NOW/; s/sha256:[0-9a-f]{64}/DIGEST/g'
      wait $pid; echo "exit status $?"; return; }
    turns=$((turns + 1))
    [ $turns -lt 6000 ] || { echo "it does not serve in time"; kill $pid; return; }
    url=$(sed -n 's/^serving //p' log)
    sleep 0.02
  done
  curl -s "$url/"
  turns=0
  until [ -s out ] || grep -q 'the service has ended' log || [ $turns -gt 3000 ]; do sleep 0.02; turns=$((turns + 1)); done
  cat out
  grep -o 'the service has ended with status [0-9]*' log
  kill -INT $pid; wait $pid; echo "exit status $?"
}
# asked KIND: how often the registry was asked for manifests, or blobs.
asked() { grep -c "\"GET /v2/demo/[a-z]*/$1/" ../registry.log; }
push answers p2-hello
push service p2-service
rm -rf "$HOME/.cache/wash/oci"
echo '--- never, and nothing is kept'
configured "$host" never
served
echo '--- pulled once'
configured "$host" ifNotPresent
served
echo "manifests: $(asked manifests), blobs: $(asked blobs)"
echo '--- kept: the registry is not asked again'
served
echo "manifests: $(asked manifests), blobs: $(asked blobs)"
echo '--- other components by the same names: the ones that are kept'
push answers p2-mesh
push service p2-cli
configured "$host" ifNotPresent
served
echo '--- always: the new ones'
configured "$host" always
served
echo '--- the registry is gone'
kill $servers
wait
served
configured "$host" ifNotPresent
served
echo '--- one that wants a login'
cd ..
servers=
registry AUTH
cd app
configured "$host" ifNotPresent
served
