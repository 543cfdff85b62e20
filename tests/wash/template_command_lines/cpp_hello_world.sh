# What the README says: wash dev, an edit, wash build, make test.
for tool in curl make clang++-19 wit-bindgen wasm-tools; do
  command -v $tool >/dev/null || { echo "SKIP: $tool is not installed"; exit; }
done
echo '#include <string>' | clang++-19 --target=wasm32-wasi -fsyntax-only -x c++ - 2>/dev/null ||
  { echo "SKIP: libc++ for WebAssembly is not installed"; exit; }
. "$LIB"
wash new hello --lang cpp | sed 's/ at .*//'
cd hello || exit

serve
curl -s "$url/"
curl -s "$url/else"
sed -i 's/Hello from wasmCloud/Hello from an edit/' src/service.h
wait_for 'now serving'
curl -s "$url/?name=value"
kill $pid; wait $pid
wash build | tail -n 1 | sed 's|at: .*/|at: |'
cp "$TEMPLATES/http-hello-world-cpp/src/service.h" src/
make test | tail -n 1
