. "$(dirname "$0")/lib"
node_project http-kv-handler-typescript
serve
ask_kv
finish
passed npm test
