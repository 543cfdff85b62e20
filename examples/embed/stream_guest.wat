;; shout: an async function that gives its letters back in capitals, as they come.
(component
  (core module $Memory (memory (export "memory") 1))
  (core instance $libc (instantiate $Memory))
  (alias core export $libc "memory" (core memory $memory))
  (type $bytes (stream u8))
  (core func $new (canon stream.new $bytes))
  (core func $read (canon stream.read $bytes async (memory $memory)))
  (core func $write (canon stream.write $bytes async (memory $memory)))
  (core func $drop-reader (canon stream.drop-readable $bytes))
  (core func $drop-writer (canon stream.drop-writable $bytes))
  (core func $return (canon task.return (result $bytes)))
  (core func $new-set (canon waitable-set.new))
  (core func $join (canon waitable.join))
  (core module $Main
    (import "libc" "memory" (memory 1))
    (import "" "new" (func $new (result i64)))
    (import "" "read" (func $read (param i32 i32 i32) (result i32)))
    (import "" "write" (func $write (param i32 i32 i32) (result i32)))
    (import "" "drop-reader" (func $drop-reader (param i32)))
    (import "" "drop-writer" (func $drop-writer (param i32)))
    (import "" "return" (func $return (param i32)))
    (import "" "new-set" (func $new-set (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (global $set (mut i32) (i32.const 0))
    (global $in (mut i32) (i32.const 0))
    (global $out (mut i32) (i32.const 0))
    (global $at (mut i32) (i32.const 0))   ;; what is still to be written: from here
    (global $end (mut i32) (i32.const 0))  ;; to here
    (global $is-over (mut i32) (i32.const 0))

    (func $capitals
      (local $i i32) (local $c i32)
      (local.set $i (global.get $at))
      (block $done
        (loop $each
          (br_if $done (i32.eq (local.get $i) (global.get $end)))
          (local.set $c (i32.load8_u (local.get $i)))
          (if (i32.and (i32.ge_u (local.get $c) (i32.const 97)) (i32.le_u (local.get $c) (i32.const 122)))
            (then (i32.store8 (local.get $i) (i32.sub (local.get $c) (i32.const 32)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $each))))

    ;; Waits for the end that is busy.
    (func $wait (param $busy i32) (result i32)
      (call $join (local.get $busy) (global.get $set))
      (i32.or (i32.const 2) (i32.shl (global.get $set) (i32.const 4))))

    (func $was-read (param $packed i32)
      (call $join (global.get $in) (i32.const 0))
      (global.set $at (i32.const 0))
      (global.set $end (i32.shr_u (local.get $packed) (i32.const 4)))
      (global.set $is-over (i32.and (local.get $packed) (i32.const 1)))
      (call $capitals))
    (func $was-written (param $packed i32)
      (call $join (global.get $out) (i32.const 0))
      (global.set $at (i32.add (global.get $at) (i32.shr_u (local.get $packed) (i32.const 4))))
      ;; Nobody reads any more: there is nothing left to do.
      (if (i32.and (local.get $packed) (i32.const 1))
        (then (global.set $at (global.get $end)) (global.set $is-over (i32.const 1)))))

    (func $go-on (result i32)
      (local $packed i32)
      (loop $again
        (if (i32.ne (global.get $at) (global.get $end))
          (then
            (local.set $packed
              (call $write (global.get $out) (global.get $at) (i32.sub (global.get $end) (global.get $at))))
            (if (i32.eq (local.get $packed) (i32.const -1)) (then (return (call $wait (global.get $out)))))
            (call $was-written (local.get $packed))
            (br $again)))
        (if (global.get $is-over)
          (then
            (call $drop-reader (global.get $in))
            (call $drop-writer (global.get $out))
            (return (i32.const 0))))
        (local.set $packed (call $read (global.get $in) (i32.const 0) (i32.const 4096)))
        (if (i32.eq (local.get $packed) (i32.const -1)) (then (return (call $wait (global.get $in)))))
        (call $was-read (local.get $packed))
        (br $again))
      (unreachable))

    (func (export "shout") (param $in i32) (result i32)
      (local $ends i64)
      (global.set $set (call $new-set))
      (global.set $in (local.get $in))
      (local.set $ends (call $new))
      (global.set $out (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
      (call $return (i32.wrap_i64 (local.get $ends)))
      (call $go-on))
    (func (export "event") (param $event i32) (param $end i32) (param $packed i32) (result i32)
      (if (i32.eq (local.get $end) (global.get $in))
        (then (call $was-read (local.get $packed)))
        (else (call $was-written (local.get $packed))))
      (call $go-on)))
  (core instance $main (instantiate $Main
    (with "libc" (instance $libc))
    (with "" (instance
      (export "new" (func $new)) (export "read" (func $read)) (export "write" (func $write))
      (export "drop-reader" (func $drop-reader)) (export "drop-writer" (func $drop-writer))
      (export "return" (func $return)) (export "new-set" (func $new-set)) (export "join" (func $join))))))
  (func (export "shout") async (param "text" (stream u8)) (result (stream u8))
    (canon lift (core func $main "shout") async (callback (core func $main "event")))))
