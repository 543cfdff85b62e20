"""A second client of registries, which shares nothing with ours: the distribution API by urllib.

usage: client.py push REGISTRY NAME:TAG FILE [LAYER-TYPE]
       client.py show REGISTRY NAME:TAG             prints the manifest and the config, and checks every blob
       client.py raw REGISTRY PATH                  prints what GET answers
REGISTRY is a URL; USER_OF_REGISTRY and PASSWORD_OF_REGISTRY are sent as Basic authorisation, CA is a file to trust.
"""

import base64
import hashlib
import json
import os
import ssl
import sys
import urllib.request
from urllib.parse import urljoin

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONTEXT = ssl.create_default_context(cafile=os.environ.get("CA"))


def ask(method, url, body=None, **fields):
    request = urllib.request.Request(url, data=body, method=method)
    for name, value in fields.items():
        request.add_header(name.replace("_", "-"), value)
    if "USER_OF_REGISTRY" in os.environ:
        pair = os.environ["USER_OF_REGISTRY"] + ":" + os.environ["PASSWORD_OF_REGISTRY"]
        request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
    with urllib.request.urlopen(request, context=CONTEXT) as answer:
        return answer.headers, answer.read()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def push_blob(base, data):
    headers, _ = ask("POST", f"{base}/blobs/uploads/", b"")
    # In two chunks, as some clients do.
    location = urljoin(base, headers["Location"])
    half = len(data) // 2
    for part in (data[:half], data[half:]):
        headers, _ = ask("PATCH", location, part, Content_Type="application/octet-stream")
        location = urljoin(base, headers["Location"])
    ask("PUT", location + ("&" if "?" in location else "?") + "digest=" + digest(data), b"")


def push(registry, name, tag, path, layer_type="application/wasm"):
    base = f"{registry}/v2/{name}"
    layer = open(path, "rb").read()
    config = json.dumps({
        "created": "2026-01-02T03:04:05Z", "author": None, "architecture": "wasm", "os": "wasip2",
        "layerDigests": [digest(layer)],
        "component": {"exports": [], "imports": [], "target": None},
    }).encode()
    push_blob(base, layer)
    push_blob(base, config)
    manifest = json.dumps({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.wasm.config.v0+json", "digest": digest(config), "size": len(config)},
        "layers": [{"mediaType": layer_type, "digest": digest(layer), "size": len(layer)}],
        "annotations": {"org.opencontainers.image.title": name},
    }).encode()
    ask("PUT", f"{base}/manifests/{tag}", manifest, Content_Type=MANIFEST)


def show(registry, name, tag):
    base = f"{registry}/v2/{name}"
    headers, data = ask("GET", f"{base}/manifests/{tag}", Accept=MANIFEST)
    manifest = json.loads(data)
    assert headers["Content-Type"] == MANIFEST == manifest["mediaType"]
    for blob in [manifest["config"]] + manifest["layers"]:
        _, content = ask("GET", f"{base}/blobs/{blob['digest']}")
        assert digest(content) == blob["digest"] and len(content) == blob["size"], blob
        if blob is manifest["config"]:
            config = json.loads(content)
    assert config["layerDigests"] == [layer["digest"] for layer in manifest["layers"]]
    print(json.dumps(manifest, indent=1))
    print(json.dumps(config, indent=1))


def main():
    command, registry, *rest = sys.argv[1:]
    if command == "raw":
        return sys.stdout.buffer.write(ask("GET", registry + rest[0])[1])
    name, tag = rest[0].rsplit(":", 1)
    {"push": push, "show": show}[command](registry, name, tag, *rest[1:])


if __name__ == "__main__":
    main()
