. "$LIB"
faulty
for repository in none lying-manifest lying-blob short huge cut-always other-range down later loop index first-schema container \
  no-layers no-json; do
  echo "--- $repository"
  shown wash oci pull --insecure "$host/$repository/app:1" out.wasm
  ls out.wasm 2>/dev/null
done
echo '--- in the cache'
cached
