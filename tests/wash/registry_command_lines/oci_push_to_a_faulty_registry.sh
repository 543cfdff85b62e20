. "$LIB"
faulty
export SOURCE_DATE_EPOCH=1767323045
for repository in push-busy push-cut push-denied push-lie; do
  echo "--- $repository"
  : >asked
  shown wash oci push --insecure "$host/$repository/app:1" app.wasm
  sed -E 's/sha256:[0-9a-f]{64}/DIGEST/; s/sha256%3A[0-9a-f]{64}/DIGEST/' asked
done
cached
