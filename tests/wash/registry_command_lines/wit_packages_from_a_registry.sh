. "$LIB"
registry
# Two packages, one of which needs the other, in a registry that stands for the namespace.
package() {
  mkdir -p "$1/.wash" "$1/wit/deps"
  printf '%s' "$2" > "$1/wit/package.wit"
  wash -C "$1" wit build --output-file "$1.wasm" | sed "s,$PWD,HERE,"
  shown wash oci push --insecure "$host/my-wit/$3" "$1.wasm"
}
package base 'package test:base@0.2.0;
/// Of the types.
interface types { type name = string; }
' test/base:0.2.0
mkdir -p greet/wit/deps/base && cp base/wit/package.wit greet/wit/deps/base/
package greet 'package test:greet@1.0.0;
interface greet { use test:base/types@0.2.0.{name}; greet: func(n: name); }
' test/greet:1.0.0
cat > config.toml <<T
[namespace_registries]
test = { registry = "registry.test", metadata = { preferredProtocol = "oci", oci = { registry = "$host", namespacePrefix = "my-wit/" } } }
[registry."$host".oci]
protocol = "http"
T
export WKG_CONFIG_FILE=$PWD/config.toml
mkdir -p app/.wash app/wit
printf 'package my:app;\nworld app {\n}\n' > app/wit/world.wit
echo '--- added'
wash -C app wit add test:greet/greet@1.0.0
cat app/wit/world.wit
find app/wit -type f | sort
cat app/wit/deps/*/package.wit
sed -E 's/"sha256:[0-9a-f]{64}"/DIGEST/' app/wkg.lock
echo '--- fetched again, without the registry, from the cache'
cp app/wkg.lock before
rm -r app/wit/deps
wash -C app wit fetch
cmp before app/wkg.lock
echo '--- other bytes than those that were locked'
sed 's/digest = "sha256:../digest = "sha256:00/' before > app/wkg.lock
wash -C app wit fetch --clean | sed -E "s/sha256:[0-9a-f]{64}/DIGEST/g; s/$host/HOST/"
echo '--- so it is chosen anew'
wash -C app wit update
cmp before app/wkg.lock
wash -C app wit update test:greet
cmp before app/wkg.lock
echo '--- removed, with what it needed'
wash -C app wit remove test:greet
ls app/wit/deps
cat app/wkg.lock
echo '--- a version that is not there'
wash -C app wit add test:greet/greet@7.0.0 | sed "s/$host/HOST/g"
cat app/wit/world.wit
