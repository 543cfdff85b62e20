module http-kv-handler

go 1.24
