# Whatever is given: what it is, and what would be right.
printf 'hello' > text.wasm
printf '\0asm\1\0\0\0' > module.wasm
printf '\0asm\015\0\1\0\7\377' > cut.wasm
printf '\0asm\015\0\1\0\7\5\377\377\377\377\17' > counts.wasm
mkdir folder
for file in missing.wasm folder text.wasm module.wasm cut.wasm counts.wasm; do
  wash inspect $file
  echo "exit status $?"
done
wash inspect
