# What the README says: get-wit, wash dev, an edit, wash build.
for tool in cargo curl make clang++-19 wit-bindgen wasm-tools; do
  command -v $tool >/dev/null || { echo "SKIP: $tool is not installed"; exit; }
done
echo '#include <string>' | clang++-19 --target=wasm32-wasi -fsyntax-only -x c++ - 2>/dev/null ||
  { echo "SKIP: libc++ for WebAssembly is not installed"; exit; }
. "$LIB"
cp -r "$TEMPLATES/http-hello-world-cpp/." .
rm -rf build wit/deps

wash build >unready; sed -E 's/^[^:]*:[0-9:]+ //; s/;.*//' unready
./get-wit
serve
curl -s "$url/"
curl -s "$url/else"
sed -i 's/Hello from wasmCloud/Hello from an edit/' src/hello.cc
wait_for 'now serving'
curl -s "$url/?name=value"
kill $pid; wait $pid
wash build | tail -n 1 | sed 's|at: .*/|at: |'
