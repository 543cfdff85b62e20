# The smallest component there is, with a name, an author and a tool; as text and as data.
printf '\0asm\015\0\1\0' > empty.wasm
{
  cat empty.wasm
  printf '\0\024\016component-name\0\3\2hi'
  printf '\0\014\7authors\\\nme'
  printf '\0\042\011producers\1\014processed-by\1\4tool\0031.2'
} > named.wasm
wash inspect empty.wasm
wash inspect named.wasm
wash -o json inspect named.wasm
