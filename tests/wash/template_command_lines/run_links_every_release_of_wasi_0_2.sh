. "$LIB"
# Components that import interfaces of each release, those behind a feature gate too. All that is missing is a command.
command -v wasm-tools >/dev/null || { echo "SKIP: wasm-tools is not installed"; exit; }
for patch in 0 1 2 3 4 5 6 7 8 9 10 11 12 99; do
  cat >imports.wat <<WAT
(component
  (import "wasi:clocks/wall-clock@0.2.$patch" (instance \$wall
    (type (record (field "seconds" u64) (field "nanoseconds" u32)))
    (export "datetime" (type \$datetime (eq 0)))
    (export "now" (func (result \$datetime)))))
  (alias export \$wall "datetime" (type \$datetime))
  (import "wasi:clocks/timezone@0.2.$patch" (instance
    (alias outer 1 \$datetime (type \$outer))
    (export "datetime" (type \$when (eq \$outer)))
    (export "utc-offset" (func (param "when" \$when) (result s32)))))
  (import "wasi:io/poll@0.2.$patch" (instance
    (export "pollable" (type (sub resource)))))
  (import "wasi:cli/exit@0.2.$patch" (instance
    (type (result))
    (export "exit" (func (param "status" 0)))
    (export "exit-with-code" (func (param "status-code" u8)))))
  (import "wasi:random/insecure-seed@0.2.$patch" (instance
    (type (tuple u64 u64))
    (export "insecure-seed" (func (result 0)))))
  (import "wasi:sockets/instance-network@0.2.$patch" (instance
    (export "network" (type \$network (sub resource)))
    (type (own \$network))
    (export "instance-network" (func (result 1))))))
WAT
  wasm-tools parse imports.wat -o imports.wasm && wash run imports.wasm 2>&1 | sed "s/^/0.2.$patch: /"
done
