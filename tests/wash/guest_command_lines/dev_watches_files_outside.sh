. "$LIB"
# A service outside of the project, and values in files that version control ignores.
mkdir -p app/.wash app/values side
cp "$GUESTS/p2-service.wasm" side/service.wasm
cd app
cat >.wash/config.yaml <<'Y'
build: {command: 'cp "$GUESTS/p2-mesh.wasm" app.wasm', component_path: app.wasm}
dev:
  service_file: ../side/service.wasm
workload:
  environment: {configFrom: [settings, each], secretFrom: [hidden]}
configs:
  settings: {file: settings.env}
  each: {dir: values}
secrets:
  hidden: {file: secret.env}
Y
printf '*.wasm\n*.env\nvalues\nout\nlog\n' >.gitignore
echo GREETING=hello >settings.env
echo TOKEN=s3cret-word >secret.env
chmod 600 secret.env
printf one >values/FIRST
serve
curl -s "$url/env/TOKEN"
echo 'no reason' >../side/note
echo GREETING=good-morning >settings.env
wait_for 'now serving the new' 1
curl -s "$url/env" | grep GREETING
printf two >values/SECOND
wait_for 'now serving the new' 2
curl -s "$url/env" | grep SECOND
echo TOKEN=another >secret.new
chmod 600 secret.new
mv secret.new secret.env
wait_for 'now serving the new' 3
curl -s "$url/env/TOKEN"
cp "$GUESTS/p2-cli.wasm" ../side/new
mv ../side/new ../side/service.wasm
wait_for 'now serving the new' 4
wait_for 'the service has ended'
kill -INT $pid; wait $pid; echo "exit status $?"
sed -n "s|^changed: $(cd .. && pwd)|changed: ..|p; s/^\(changed: [^.].*\)/\1/p" log | uniq
