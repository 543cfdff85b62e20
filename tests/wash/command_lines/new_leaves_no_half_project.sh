# Files cannot be longer than a block.
(
  trap '' XFSZ
  ulimit -f 1
  wash new hello --lang rust
  echo $?
)
ls
