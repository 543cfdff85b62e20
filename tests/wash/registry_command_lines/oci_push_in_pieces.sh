. "$LIB"
# 20 MiB, which is three pieces.
python3 - <<'END' >large.wasm
import sys
sys.path.insert(0, __import__("os").environ["TOOLS"])
from faulty_registry import leb128
section = leb128(6) + b"filler" + bytes(range(256)) * (80 << 10)
sys.stdout.buffer.write(b"\0asm\x0d\0\1\0" + b"\0" + leb128(len(section)) + section)
END
export SOURCE_DATE_EPOCH=1767323045
registry
echo '--- a real registry'
shown wash oci push --insecure "$host/app:1" large.wasm
rm -r "$HOME/.cache/wash/oci"
shown wash oci pull --insecure "$host/app:1" pulled.wasm
cmp large.wasm pulled.wasm
grep -o '"PATCH /v2/app/blobs/uploads/' registry.log | sort | uniq -c | sed 's/^ *//'
faulty
for repository in push-pieces push-pieces-forgotten push-whole push-boast; do
  echo "--- $repository"
  : >asked
  shown wash oci push --insecure "$host/$repository/app:1" large.wasm
  sed -E 's/sha256:[0-9a-f]{64}/DIGEST/; s/sha256%3A[0-9a-f]{64}/DIGEST/' asked | grep -v HEAD
done
