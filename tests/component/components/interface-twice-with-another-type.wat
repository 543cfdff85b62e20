;; Imports and exports one interface with two definitions of a type.
(component
  (import "a:b/i" (instance
    (type $r (record (field "x" u8)))
    (export "r" (type (eq $r)))))
  (component $c
    (type $r (record (field "x" u16)))
    (export "r" (type $r)))
  (instance $i (instantiate $c))
  (export "a:b/i" (instance $i)))
