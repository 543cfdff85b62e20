. "$(dirname "$0")/lib"
needs curl make clang++-19 wit-bindgen wasm-tools
[ -d /usr/include/nlohmann ] || { echo "SKIP: nlohmann-json3-dev is not installed"; exit; }
echo '#include <string>' | clang++-19 --target=wasm32-wasi -fsyntax-only -x c++ - 2>/dev/null ||
  { echo "SKIP: libc++ for WebAssembly is not installed"; exit; }
project http-kv-handler-cpp
built
serve
ask_kv
finish
passed make test
