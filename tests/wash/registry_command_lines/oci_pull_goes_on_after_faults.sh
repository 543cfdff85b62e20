. "$LIB"
faulty
for repository in busy broken cut cut-once legacy; do
  echo "--- $repository"
  : >asked
  shown wash oci pull --insecure "$host/$repository/app:1" $repository.wasm
  cat asked
done
for repository in broken cut cut-once legacy; do cmp busy.wasm $repository.wasm; done
echo '--- again, without fetching it'
: >asked
shown wash oci pull --insecure "$host/cut/app:1"
cat asked
cached
