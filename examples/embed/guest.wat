;; Imports greeting, exports welcome: hands its argument to the host and the host's answer back.
(component
  (import "example:embed/host@0.1.0" (instance $host
    (export "greeting" (func (param "name" string) (result string)))))
  (core module $Memory
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 16))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get 3)))))
  (core instance $memory (instantiate $Memory))
  (alias core export $memory "memory" (core memory $m))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $greeting (canon lower (func $host "greeting") (memory $m) (realloc $realloc)))
  (core module $Main
    (import "host" "greeting" (func $greeting (param i32 i32 i32)))
    (func (export "welcome") (param i32 i32) (result i32)
      (call $greeting (local.get 0) (local.get 1) (i32.const 0))
      (i32.const 0)))
  (core instance $main (instantiate $Main
    (with "host" (instance (export "greeting" (func $greeting))))))
  (func (export "welcome") (param "name" string) (result string)
    (canon lift (core func $main "welcome") (memory $m) (realloc $realloc))))
