module http-hello-world

go 1.24
