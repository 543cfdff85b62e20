;; A store with a resource of its own, over functions of the host. `total` is how much all buckets were
;; given through `put`.
(component
  (import "test:compose/base@1.0.1" (instance $base
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))))
  (core func $add (canon lower (func $base "add")))
  (core module $Main
    (import "" "add" (func $add (param i32 i32) (result i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (global $total (mut i32) (i32.const 0))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "put") (param i32 i32) (result i32)
      (global.set $total (call $add (global.get $total) (local.get 1)))
      (call $add (local.get 0) (local.get 1)))
    (func (export "total") (result i32) (global.get $total)))
  (type $bucket (resource (rep i32)))
  (core func $new (canon resource.new $bucket))
  (core instance $main (instantiate $Main
    (with "" (instance (export "add" (func $add)) (export "new" (func $new))))))
  (func $make (param "n" u32) (result (own $bucket)) (canon lift (core func $main "make")))
  (func $put (param "self" (borrow $bucket)) (param "n" u32) (result u32)
    (canon lift (core func $main "put")))
  (func $total (result u32) (canon lift (core func $main "total")))
  (component $Store
    (import "bucket" (type $bucket (sub resource)))
    (import "make" (func $make (param "n" u32) (result (own $bucket))))
    (import "put" (func $put (param "self" (borrow $bucket)) (param "n" u32) (result u32)))
    (import "total" (func $total (result u32)))
    (export $exported "bucket" (type $bucket))
    (export "[constructor]bucket" (func $make) (func (param "n" u32) (result (own $exported))))
    (export "[method]bucket.put" (func $put)
      (func (param "self" (borrow $exported)) (param "n" u32) (result u32)))
    (export "total" (func $total)))
  (instance $store (instantiate $Store (with "bucket" (type $bucket)) (with "make" (func $make))
    (with "put" (func $put)) (with "total" (func $total))))
  (export "test:compose/store@1.2.0" (instance $store)))
