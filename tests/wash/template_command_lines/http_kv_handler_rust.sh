. "$(dirname "$0")/lib"
rust_project http-kv-handler-rust
built
serve
ask_kv
finish
passed cargo test --quiet
