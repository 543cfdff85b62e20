;; Exports a core module and a component for others to instantiate.
(component
  (core module $Adder
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
  (export "adder" (core module $Adder))
  (component $Doubler
    (core module $Main
      (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
    (core instance $main (instantiate $Main))
    (func (export "double") (param "n" u32) (result u32) (canon lift (core func $main "double"))))
  (export "doubler" (component $Doubler)))
