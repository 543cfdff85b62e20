;; As plain Rust components are: every slot of the shim is a lowered function.
(component
  (import "test:host/api@0.2.0" (instance $api
    (export "greet" (func (param "name" string) (result string)))))
  (core module $Main
    (import "host" "greet" (func $greet (param i32 i32 i32)))
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (local.get $at))
    (func (export "greet") (param i32 i32) (result i32)
      (call $greet (local.get 0) (local.get 1) (i32.const 16))
      (i32.const 16))
    (func (export "reset") (param i32) (global.set $next (i32.const 1024))))
  (core module $Shim
    (type $greet (func (param i32 i32 i32)))
    (table 1 1 funcref)
    (export "0" (func 0))
    (export "$imports" (table 0))
    (func (type $greet) local.get 0 local.get 1 local.get 2 i32.const 0 call_indirect (type $greet)))
  (core module $Fixup
    (type $greet (func (param i32 i32 i32)))
    (import "" "0" (func (type $greet)))
    (import "" "$imports" (table 1 1 funcref))
    (elem (i32.const 0) func 0))
  (core instance $shim (instantiate $Shim))
  (core instance $main (instantiate $Main
    (with "host" (instance (export "greet" (func $shim "0"))))))
  (alias core export $main "memory" (core memory $memory))
  (alias core export $main "realloc" (core func $realloc))
  (core func $greet (canon lower (func $api "greet") (memory $memory) (realloc $realloc)))
  (core instance $fixup (instantiate $Fixup (with "" (instance
    (export "0" (func $greet))
    (export "$imports" (table $shim "$imports"))))))
  (func (export "greet") (param "name" string) (result string)
    (canon lift (core func $main "greet") (memory $memory) (realloc $realloc)
      (post-return (core func $main "reset")))))
