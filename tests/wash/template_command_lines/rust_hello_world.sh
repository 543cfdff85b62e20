# What the README says: wash dev, an edit, wash build, cargo test.
for tool in cargo rustup curl; do command -v $tool >/dev/null || { echo "SKIP: $tool is not installed"; exit; }; done
rustup target list --installed | grep -qx wasm32-wasip2 || { echo "SKIP: Rust's target wasm32-wasip2 is not installed"; exit; }
. "$LIB"
cp -r "$TEMPLATES/http-hello-world-rust/." .
rm -rf target
mkdir -p "$KEPT/rust-target" && ln -s "$KEPT/rust-target" target

serve
curl -s "$url/"
curl -s "$url/else"
sed -i 's/Hello from wasmCloud/Hello from an edit/' src/lib.rs
wait_for 'now serving'
curl -s "$url/?name=value"
sed -i 's/Hello from an edit/Hello from an edit"/' src/lib.rs
wait_for 'still serving'
grep -c '^error: could not compile' log
curl -s "$url/"
kill $pid; wait $pid
cp "$TEMPLATES/http-hello-world-rust/src/lib.rs" src/
wash build 2>/dev/null | sed 's|at: .*/|at: |'
cargo test --quiet 2>/dev/null | grep '^test result' | cut -d';' -f1
