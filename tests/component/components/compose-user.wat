;; Uses a store, and an audit of it that knows the same resource, and the host's functions in a later
;; version than the store does. What it exports has a record of its own.
(component
  (import "test:compose/base@1.0.3" (instance $base
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))
    (export "double" (func (param "n" u32) (result u32)))))
  (import "test:compose/store@1.1.0" (instance $store
    (export "bucket" (type $bucket (sub resource)))
    (export "[constructor]bucket" (func (param "n" u32) (result (own $bucket))))
    (export "total" (func (result u32)))))
  (alias export $store "bucket" (type $bucket))
  (import "test:compose/audit" (instance $audit
    (alias outer 1 $bucket (type $outer))
    (export "bucket" (type $bucket (eq $outer)))
    (export "put" (func (param "bucket" (borrow $bucket)) (param "n" u32) (result u32)))
    (export "count" (func (result u32)))))
  (core func $double (canon lower (func $base "double")))
  (core func $make (canon lower (func $store "[constructor]bucket")))
  (core func $total (canon lower (func $store "total")))
  (core func $put (canon lower (func $audit "put")))
  (core func $count (canon lower (func $audit "count")))
  (core module $Main
    (import "" "double" (func $double (param i32) (result i32)))
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "total" (func $total (result i32)))
    (import "" "put" (func $put (param i32 i32) (result i32)))
    (import "" "count" (func $count (result i32)))
    (memory (export "memory") 1)
    (func (export "run") (param $first i32) (param $then i32) (result i32)
      (local $bucket i32)
      (local.set $bucket (call $make (local.get $first)))
      (i32.store (i32.const 16) (call $put (local.get $bucket) (call $double (local.get $then))))
      (i32.store (i32.const 20) (call $total))
      (i32.store (i32.const 24) (call $count))
      (i32.const 16)))
  (core instance $main (instantiate $Main
    (with "" (instance (export "double" (func $double)) (export "make" (func $make))
      (export "total" (func $total)) (export "put" (func $put)) (export "count" (func $count))))))
  (type $outcome' (record (field "sum" u32) (field "total" u32) (field "count" u32)))
  (export $outcome "outcome" (type $outcome'))
  (func $run (param "first" u32) (param "then" u32) (result $outcome)
    (canon lift (core func $main "run") (memory (core memory $main "memory"))))
  (export "run" (func $run)))
