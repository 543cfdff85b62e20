(component
  (import "test:compose/maths@1.1.0" (instance $maths
    (export "square" (func (param "n" u32) (result u32)))))
  (core func $square (canon lower (func $maths "square")))
  (core module $Main
    (import "" "square" (func $square (param i32) (result i32)))
    (func (export "sum") (param i32 i32) (result i32)
      (i32.add (call $square (local.get 0)) (call $square (local.get 1)))))
  (core instance $main (instantiate $Main (with "" (instance (export "square" (func $square))))))
  (func (export "sum-of-squares") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $main "sum"))))
