. "$(dirname "$0")/lib"
rust_project http-handler-rust
built
serve
ask "$url/"
ask "$url/api/greet"
ask "$url/api/greet?name=Ada%20L"
ask "$url/api/echo" -d '{"message": "hi"}'
ask "$url/api/echo" -d '{"text": "hi"}'
ask "$url/api/echo"
ask "$url/else"
finish
passed cargo test --quiet
