wash new hello --lang rust
ls -A hello hello/.wash hello/src
grep -c 'name = "http-hello-world"' hello/Cargo.toml
echo "--- again"
wash new hello --lang rust
