. "$(dirname "$0")/lib"
go_project http-kv-handler-go
serve
ask_kv
finish
passed make test
