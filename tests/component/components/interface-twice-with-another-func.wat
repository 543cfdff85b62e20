;; Imports and exports one interface with two types of a function.
(component
  (import "a:b/i" (instance
    (export "f" (func (param "p" (list (option u8)))))))
  (import "g" (func $g (param "p" (list (option s8)))))
  (component $c
    (import "f" (func $f (param "p" (list (option s8)))))
    (export "f" (func $f)))
  (instance $i (instantiate $c (with "f" (func $g))))
  (export "a:b/i" (instance $i)))
