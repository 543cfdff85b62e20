. "$LIB"
# Arguments, a variable and the lines of the input, in the libraries of two languages.
for guest in c-command go-command; do
  echo "== $guest"
  printf 'a\nb\nc\n' | wash run --env WHO=me "$SHARED/$guest.wasm"; echo "$?"
  printf 'a\n' | wash run --env WHO=me "$SHARED/$guest.wasm" one two; echo "$?"
done
wash run "$SHARED/p2-values-composed.wasm"; echo "$?"
