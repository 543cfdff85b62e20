;; What compose-user imports, in a later version.
(component
  (core module $Main
    (func (export "square") (param i32) (result i32) (i32.mul (local.get 0) (local.get 0))))
  (core instance $main (instantiate $Main))
  (func $square (param "n" u32) (result u32) (canon lift (core func $main "square")))
  (instance $maths (export "square" (func $square)))
  (export "test:compose/maths@1.3.0" (instance $maths)))
