. "$LIB"
registry
echo '--- pulled: what another client pushed'
client push "http://$host" by/another:1 app.wasm
client push "http://$host" by/another:legacy app.wasm application/vnd.module.wasm.content.layer.v1+wasm
for tag in 1 legacy; do
  shown wash oci pull --insecure "$host/by/another:$tag" $tag.wasm
  cmp app.wasm $tag.wasm
done
echo '--- pushed: what another client reads'
export SOURCE_DATE_EPOCH=1767323045
python3 - <<'END'
def section(name, content):
    body = bytes([len(name)]) + name.encode() + content
    return bytes([0, len(body)]) + body
name = bytes([0, 6, 5]) + b"greet"
open("described.wasm", "wb").write(b"\0asm\x0d\0\1\0" + section("component-name", name) + section("version", b"1.2.3") +
    section("description", "says “hello”".encode()) + section("authors", b"Ann <ann@example.com>") +
    section("licenses", b"Apache-2.0") + section("source", b"https://example.com/greet.git") +
    section("homepage", b"https://example.com") + section("revision", b"abc123"))
END
shown wash oci push --insecure "$host/by/us:1" described.wasm
client show "http://$host" by/us:1
echo '--- a time that is none'
SOURCE_DATE_EPOCH=yesterday shown wash oci push --insecure "$host/by/us:1" described.wasm
