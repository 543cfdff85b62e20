"""Signatures as cosign keeps them, by openssl and the distribution API: nothing here is ours.

usage: signatures.py fetch REGISTRY NAME:TAG          writes manifest, payload and signature of the first one
       signatures.py push REGISTRY NAME:TAG KEY       signs it
       signatures.py steal REGISTRY NAME:TAG NAME:TAG signs the second with the first one's signature
       signatures.py tamper REGISTRY NAME:TAG KEY     signs another payload than it pushes
"""

import base64
import json
import subprocess
import sys

from client import MANIFEST, ask, digest, push_blob

PAYLOAD = "application/vnd.dev.cosign.simplesigning.v1+json"
SIGNATURE = "dev.cosignproject.cosign/signature"


def base_of(registry, name):
    return f"{registry}/v2/{name.split(':')[0]}"


def manifest_of(registry, name):
    return ask("GET", f"{base_of(registry, name)}/manifests/{name.split(':')[1]}", Accept=MANIFEST)[1]


def signature_tag(registry, name):
    return digest(manifest_of(registry, name)).replace(":", "-") + ".sig"


def signed_parts(registry, name):
    base = base_of(registry, name)
    manifest = json.loads(ask("GET", f"{base}/manifests/{signature_tag(registry, name)}", Accept=MANIFEST)[1])
    layer = manifest["layers"][0]
    assert layer["mediaType"] == PAYLOAD
    return manifest, ask("GET", f"{base}/blobs/{layer['digest']}")[1], base64.b64decode(layer["annotations"][SIGNATURE])


def push_parts(registry, name, payload, signature):
    base = base_of(registry, name)
    config = b"{}"
    push_blob(base, payload)
    push_blob(base, config)
    manifest = json.dumps({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(config), "size": len(config)},
        "layers": [{"mediaType": PAYLOAD, "digest": digest(payload), "size": len(payload),
                    "annotations": {SIGNATURE: base64.b64encode(signature).decode()}}],
    }).encode()
    ask("PUT", f"{base}/manifests/{signature_tag(registry, name)}", manifest, Content_Type=MANIFEST)


def payload_for(registry, name):
    return json.dumps({
        "critical": {"identity": {"docker-reference": "example.com/app"},
                     "image": {"docker-manifest-digest": digest(manifest_of(registry, name))},
                     "type": "cosign container image signature"},
        "optional": {"creator": "ann"},
    }).encode()


def sign(payload, key):
    return subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=payload, capture_output=True, check=True).stdout


def main():
    command, registry, name, *rest = sys.argv[1:]
    if command == "fetch":
        manifest, payload, signature = signed_parts(registry, name)
        open("manifest", "w").write(json.dumps(manifest, indent=1) + "\n")
        open("payload", "wb").write(payload)
        open("signature", "wb").write(signature)
    elif command == "push":
        payload = payload_for(registry, name)
        push_parts(registry, name, payload, sign(payload, rest[0]))
    elif command == "steal":
        _, payload, signature = signed_parts(registry, name)
        push_parts(registry, rest[0], payload, signature)
    elif command == "tamper":
        payload = payload_for(registry, name)
        push_parts(registry, name, payload, sign(payload + b" ", rest[0]))


if __name__ == "__main__":
    main()
