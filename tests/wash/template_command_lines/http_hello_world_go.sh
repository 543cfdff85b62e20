. "$(dirname "$0")/lib"
go_project http-hello-world-go
serve
ask_hello
finish
passed make test
