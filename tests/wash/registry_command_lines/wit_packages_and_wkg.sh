# WIT packages of another program, its lock file and its configuration: either takes over from the other.
. "$LIB"
PATH=$PATH:$WASM_TOOLS_FOLDER
for tool in wkg wasm-tools; do command -v $tool >/dev/null || { echo "SKIP: $tool is not installed"; exit; }; done
registry
cat >config.toml <<END
[namespace_registries]
test = { registry = "registry.test", metadata = { preferredProtocol = "oci", oci = { registry = "$host", namespacePrefix = "wit/" } } }
[registry."$host".oci]
protocol = "http"
[registry."registry.test".oci]
protocol = "http"
END
export WKG_CONFIG_FILE="$PWD/config.toml"
mkdir -p base/wit greet/wit app/wit
printf 'package test:base@0.2.0;\n/// Of the types.\ninterface types { type name = string; }\n' >base/wit/package.wit
cat >greet/wit/package.wit <<'END'
package test:greet@1.0.0;
interface greet { use test:base/types@0.2.0.{name}; greet: func(n: name) -> string; }
END
printf 'package my:app;\nworld app { import test:greet/greet@1.0.0; }\n' >app/wit/world.wit
cp -r greet greet-too
cp -r app app-too
# alike: both projects have the same, but for the order of the lock file, and for comments, which it takes from elsewhere.
alike() {
  for each in app app-too; do sort $each/wkg.lock >$each.lock; done
  cmp app.lock app-too.lock && diff -rB -I '^ *///' app/wit app-too/wit
}
quietly() { "$@" >said 2>&1 || cat said; }
echo '--- built and published there, fetched and built here'
(cd base && quietly wkg build -o ../base.wasm)
quietly wkg publish base.wasm
shown wash -C greet wit build --output-file greet.wasm
wasm-tools component wit greet.wasm | grep -v '^$'
echo '--- published here, fetched by both alike, but that one locks what only another package needs'
shown wash oci push --insecure "$host/wit/test/greet:1.0.0" greet.wasm
shown wash -C app wit fetch
(cd app-too && quietly wkg fetch)
diff -rB -I '^ *///' app/wit app-too/wit && (cd app && find wit -type f | sort)
echo "--- each with the other's lock file"
rm -r app/wit/deps app-too/wit/deps
mv app/wkg.lock lock && mv app-too/wkg.lock app/ && mv lock app-too/wkg.lock
shown wash -C app wit fetch
(cd app-too && quietly wkg fetch)
alike && echo 'the same again'
echo '--- the package of the other, from what each built'
(cd greet-too && quietly wkg build -o ../greet-too.wasm)
for built in greet greet-too; do wash inspect $built.wasm | grep -v '^//' >$built.wit; done
cmp greet.wit greet-too.wit && cat greet.wit
echo '--- what is published without what it needs'
sed -i 's/base/kept/' base/wit/package.wit greet-too/wit/package.wit
sed -i 's/test:greet@1.0.0/test:whole@1.0.0/' greet-too/wit/package.wit
mkdir -p greet-too/wit/deps/kept && cp base/wit/package.wit greet-too/wit/deps/kept/
shown wash -C greet-too wit build --output-file whole.wasm
shown wash oci push --insecure "$host/wit/test/whole:1.0.0" whole.wasm
for each in app app-too; do
  rm -rf $each/wit/deps $each/wkg.lock
  sed -i 's/test:greet/test:whole/' $each/wit/world.wit
done
shown wash -C app wit fetch
(cd app-too && quietly wkg fetch)
alike && find app/wit -type f | sort
