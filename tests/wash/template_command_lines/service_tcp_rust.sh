. "$(dirname "$0")/lib"
rust_project service-tcp-rust
built
ls target/wasm32-wasip2/release/service-leet.wasm
passed cargo test --quiet --workspace
