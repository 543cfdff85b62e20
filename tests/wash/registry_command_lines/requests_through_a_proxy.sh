# Registries, downloads and releases are reached through the proxies of the environment.
. "$LIB"
registry TLS
tls=localhost:${host##*:}
well_known "$PWD/document.json"
plain=$host
printf '{"oci": {"registry": "packages.test"}}' >document.json
rm -f asked
export WASH_OCI_CA_PATHS="$PWD/registry.pem"
# What the proxy was asked, without what changes.
log() {
  sed -E "s/localhost:[0-9]+/TLS/; s/127\.0\.0\.1:[0-9]+/ADDRESS/" asked 2>/dev/null
  rm -f asked
}
told() { shown "$@" | sed "s/localhost:[0-9]*/TLS/g"; }

echo '--- TLS goes through a tunnel'
proxy packages.test= plain.test="$plain" releases.test= odd.test:443=? "denied.test:443="
export HTTPS_PROXY="http://$host"
told wash oci push "$tls/app:1" app.wasm
told wash oci pull "$tls/app:1"
log | sort | uniq
echo '--- requests in the clear are relayed, by names that only the proxy knows'
export HTTP_PROXY="$host/"
mkdir -p app/wit app/.wash
printf 'package my:app;\nworld app {\n}\n' >app/wit/world.wit
printf '[namespace_registries]\ntest = "plain.test"\n' >config.toml
printf 'wit: {registries: [{url: "http://plain.test"}, {url: "http://packages.test"}]}\n' >app/.wash/config.yaml
WKG_CONFIG_FILE=$PWD/config.toml told wash -C app wit add test:greet/greet@1.0.0
WASH_GITHUB_API=http://releases.test told wash update --dry-run
log
echo '--- without it'
for list in '*' localhost 'example.com, localhost' "$tls"; do
  NO_PROXY=$list told wash oci pull "$tls/app:1"
done
NO_PROXY=ocalhost,host,127.0.0.1 wash oci pull "$tls/app:1" >/dev/null
log | sort | uniq
echo '--- other answers'
for name in denied.test odd.test; do told wash oci pull $name/app:1; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
told wash oci pull "localhost:$port/app:1"
for variable in http://127.0.0.1:1 socks5://ann:s3cret@127.0.0.1:1 http://ann:s3cret@127.0.0.1:1/where http://ann:s3/cret@host; do
  HTTPS_PROXY=$variable told wash oci pull "$tls/app:1"
done
all_proxy=http://127.0.0.1:1 HTTPS_PROXY= told wash oci pull "$tls/app:1"
https_proxy=http://127.0.0.1:1 told wash oci pull "$tls/app:1"
rm -f asked
echo '--- a proxy that asks who one is'
proxy --login 'ann:s3cret/word' plain.test="$plain"
export HTTPS_PROXY="$host" HTTP_PROXY="$host"
told wash oci pull "$tls/app:1"
WASH_GITHUB_API=http://plain.test told wash update --dry-run
HTTPS_PROXY="http://ann:tiger@$host" told wash oci pull "$tls/app:1"
HTTPS_PROXY="http://ann:s3cret%2Fword@$host" told wash oci pull "$tls/app:1"
HTTP_PROXY="ann:s3cret%2Fword@$host" WASH_GITHUB_API=http://plain.test told wash update --dry-run
log
echo '--- in no log'
HTTPS_PROXY="http://ann:s3cret%2Fword@$host" RUST_LOG=trace wash --verbose oci pull "$tls/app:1" >all 2>&1
grep -c 's3cret\|YW5u' all
