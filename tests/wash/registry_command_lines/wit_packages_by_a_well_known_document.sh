. "$LIB"
registry AUTH
oci=$host
well_known "$PWD/document.json"
domain=$host
document() { printf "$1" >document.json; }
# Three releases and a draft of one package, for ann only.
for version in 1.0.0 1.1.0 2.0.0 3.0.0-rc.1; do
  mkdir -p "v$version/wit"
  printf 'package test:greet@%s;\ninterface greet { greet: func(n: string); }\n' "$version" >"v$version/wit/greet.wit"
  wash -C "v$version" wit build --output-file "$PWD/greet.wasm" >/dev/null
  wash oci push --insecure -u ann -p s3cret-word "$oci/team/test/greet:$version" greet.wasm
done
cat >config.toml <<T
[namespace_registries]
test = "$domain"
T
export WKG_CONFIG_FILE=$PWD/config.toml
mkdir -p app/.wash app/wit
world() { printf "package my:app;\nworld app {\n$1}\n" >app/wit/world.wit; }
login() { printf 'wit:\n  registries:\n    - url: http://%s/\n      username: ann\n      token: "%s"\n' "$oci" "$1" >app/.wash/config.yaml; }
add() {
  world ''
  rm -rf app/wit/deps app/wkg.lock
  shown wash -C app wit add "$@"
  sed -n 's/ *import/import/p' app/wit/world.wit
}
document '{"preferredProtocol": "oci", "oci": {"registry": "'"$oci"'", "namespacePrefix": "team/"}}'
login s3cret-word
echo '--- the newest release'
add test:greet/greet
sed -E 's/127\.0\.0\.1:[0-9]+/ADDRESS/; s/"sha256:[0-9a-f]{64}"/DIGEST/' app/wkg.lock
cat asked
echo '--- the newest that will do'
add test:greet/greet@1
add 'test:greet/greet@~1.0.0'
add test:greet/greet@3.0.0-rc.1
printf '[overrides]\n"test:greet" = { version = "<2" }\n' >app/wkg.toml
add test:greet/greet
rm app/wkg.toml
echo '--- the one that is there'
rm -r app/wit/deps app/wkg.lock
world '    import test:greet/greet@1.0.0;\n'
shown wash -C app wit fetch
world ''
shown wash -C app wit add test:greet/greet
cat app/wit/world.wit
echo '--- an older document'
document '{"ociRegistry": "'"$oci"'", "ociNamespacePrefix": "team/"}'
add test:greet/greet@1.1.0
shown wash -C app wit update
shown wash -C app wit build --output-file app.wasm
echo '--- no such package, and no such version'
add test:other/greet
add test:other/greet@1.0.0
add test:greet/greet@7.0.0
add test:greet/greet@7
add test:greet/greet@all
echo '[overrides]
"test:greet" = { version = "new" }' >app/wkg.toml
add test:greet/greet
rm app/wkg.toml
echo '--- no login, and a wrong one'
printf 'wit: {registries: [{url: "http://%s"}]}' "$oci" >app/.wash/config.yaml
add test:greet/greet
login wr0ng-word
add test:greet/greet
login s3cret-word
echo '--- documents that say nothing'
for text in '{' '[]' '{"oci": 1}' '{"oci": {"registry": 1}}' '{"oci": {"registry": "a/b"}}' \
  '{"oci": {"registry": "HOST", "namespacePrefix": "../"}}' '{"warg": {"url": "https://x"}}' 'STATUS 403'; do
  document "$text"
  add test:greet/greet
done
document '{"oci": {"registry": "'"$oci"'", "namespacePrefix": "team/"}}'
echo '--- in no file, no log and no message'
RUST_LOG=trace wash -C app --log-level trace wit fetch --clean >all 2>&1
wash -C app config show >>all
grep -c 's3cret-word\|wr0ng-word' all
grep -rl s3cret-word "$HOME" app/wit app/wkg.lock
grep -c authorised asked
