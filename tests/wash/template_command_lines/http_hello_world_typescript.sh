. "$(dirname "$0")/lib"
node_project http-hello-world-typescript
serve
ask_hello
finish
passed npm test
