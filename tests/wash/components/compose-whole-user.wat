;; Imports a core module and a component, and instantiates both.
(component
  (import "adder" (core module $Adder (export "add" (func (param i32 i32) (result i32)))))
  (import "doubler" (component $Doubler
    (export "double" (func (param "n" u32) (result u32)))))
  (core instance $adder (instantiate $Adder))
  (instance $doubler (instantiate $Doubler))
  (func $add (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $adder "add")))
  (export "add" (func $add))
  (export "double" (func $doubler "double")))
