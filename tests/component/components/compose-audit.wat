;; Stands between a store and its user: the same resource, and a count of the calls that went by. It
;; asks for an older version of the store.
(component
  (import "test:compose/store@1.1.0" (instance $store
    (export "bucket" (type $bucket (sub resource)))
    (export "[method]bucket.put" (func (param "self" (borrow $bucket)) (param "n" u32) (result u32)))))
  (alias export $store "bucket" (type $bucket))
  (core func $put (canon lower (func $store "[method]bucket.put")))
  (core func $drop (canon resource.drop $bucket))
  (core module $Main
    (import "" "put" (func $put (param i32 i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (global $count (mut i32) (i32.const 0))
    (func (export "put") (param i32 i32) (result i32)
      (local $sum i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (local.set $sum (call $put (local.get 0) (local.get 1)))
      (call $drop (local.get 0))
      (local.get $sum))
    (func (export "count") (result i32) (global.get $count)))
  (core instance $main (instantiate $Main
    (with "" (instance (export "put" (func $put)) (export "drop" (func $drop))))))
  (func $audited (param "bucket" (borrow $bucket)) (param "n" u32) (result u32)
    (canon lift (core func $main "put")))
  (func $count (result u32) (canon lift (core func $main "count")))
  (component $Audit
    (import "bucket" (type $bucket (sub resource)))
    (import "put" (func $put (param "bucket" (borrow $bucket)) (param "n" u32) (result u32)))
    (import "count" (func $count (result u32)))
    (export $exported "bucket" (type $bucket))
    (export "put" (func $put)
      (func (param "bucket" (borrow $exported)) (param "n" u32) (result u32)))
    (export "count" (func $count)))
  (instance $audit (instantiate $Audit (with "bucket" (type $bucket)) (with "put" (func $audited))
    (with "count" (func $count))))
  (export "test:compose/audit" (instance $audit)))
