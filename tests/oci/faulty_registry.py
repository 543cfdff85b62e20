"""A registry that misbehaves, each repository in its own way; see REPOSITORIES.

usage: faulty_registry.py LOG: prints its address, and writes one line a request to LOG: method, path, how the client
authorised itself, and the range it asked for. A second server, "elsewhere", is where redirects lead.
"""

import base64
import hashlib
import http.server
import json
import socket
import sys
import threading

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
# An empty component with one custom section, large enough to be cut.
FILLER = bytes(i * 7 % 251 for i in range(300_000))


def leb128(number):
    out = b""
    while True:
        byte, number = number & 0x7F, number >> 7
        out += bytes([byte | (0x80 if number else 0)])
        if not number:
            return out


SECTION = leb128(6) + b"filler" + FILLER
COMPONENT = b"\0asm\x0d\0\1\0" + b"\0" + leb128(len(SECTION)) + SECTION


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def manifest(layer_type="application/wasm", size=len(COMPONENT), layers=True):
    config = b"{}"
    layer = {"mediaType": layer_type, "digest": digest(COMPONENT), "size": size}
    return json.dumps({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.wasm.config.v0+json", "digest": digest(config), "size": len(config)},
        "layers": [layer] if layers else [],
    }).encode()


INDEX = json.dumps({
    "schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.index.v1+json",
    "manifests": [{"mediaType": MANIFEST, "digest": digest(b"x"), "size": 1, "platform": {"os": "linux", "architecture": name}}
                  for name in ("amd64", "arm64")],
}).encode()

# What is served as the manifest; by default a right one.
MANIFESTS = {
    "index": INDEX,
    "first-schema": json.dumps({"schemaVersion": 1, "name": "x", "fsLayers": []}).encode(),
    "container": manifest("application/vnd.oci.image.layer.v1.tar+gzip"),
    "no-layers": manifest(layers=False),
    "no-json": b"<html>a portal</html>",
    "short": manifest(size=1000),
    "huge": manifest(size=1 << 50),
    "legacy": manifest("application/vnd.module.wasm.content.layer.v1+wasm"),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self):
        scheme = self.headers.get("Authorization", "nobody").split(" ")[0]
        with self.server.lock:
            self.server.counts[self.path] = self.server.counts.get(self.path, 0) + 1
            if self.server.log:
                where = "" if self.server.name == "here" else self.server.name + " "
                print(where + self.command, self.path.replace(digest(COMPONENT), "COMPONENT").replace(str(self.server.port), "PORT"),
                      scheme, self.headers.get("Range", self.headers.get("Content-Range", "")), file=self.server.log, flush=True)
            return self.server.counts[self.path]

    def answer(self, status, body=b"", **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status, code, message, **fields):
        self.answer(status, json.dumps({"errors": [{"code": code, "message": message}]}).encode(), **fields)

    def cut(self, body, after):
        """Announces all of it, sends a part and hangs up."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:after])
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        count = self.note()
        if self.server.name == "elsewhere":
            return self.answer(200, COMPONENT)
        if self.path.startswith("/token"):
            return self.token()
        if "/uploads/" in self.path:
            return self.get_upload()
        parts = self.path.split("?")[0].split("/")
        repository = parts[2]
        if repository in ("token", "moved", "identity") and not self.let_in(repository):
            return None
        if parts[-2] == "manifests":
            return self.get_manifest(repository, count)
        return self.get_blob(repository, count)

    def let_in(self, repository):
        given = self.headers.get("Authorization", "")
        if repository == "moved":
            if given == "Basic " + base64.b64encode(b"ann:s3cret-word").decode():
                return True
            self.refuse(401, "UNAUTHORIZED", "who are you?", WWW_Authenticate='Basic realm="here"')
            return False
        if given == "Bearer t0ken-of-" + repository:
            return True
        realm = f'Bearer realm="http://{self.server.address}/token/{repository}",service="registry",scope="repository:{repository}/app:pull"'
        self.refuse(401, "UNAUTHORIZED", "a token is needed", WWW_Authenticate=realm)
        return False

    def token(self):
        self.answer(200, json.dumps({"token": "t0ken-of-" + self.path.split("?")[0].split("/")[2]}).encode())

    def do_POST(self):
        count = self.note()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path.startswith("/token"):
            if "grant_type=refresh_token" in body and "refresh_token=1dentity-word" in body:
                return self.token()
            return self.refuse(401, "UNAUTHORIZED", "not this one")
        if "push-busy" in self.path and count < 3:
            return self.refuse(503, "UNAVAILABLE", "later")
        self.answer(202, Location=self.path + "one?state=1")

    def do_PATCH(self):
        count = self.note()
        length = int(self.headers["Content-Length"])
        upload = self.server.uploads.setdefault(self.path, bytearray())
        if "push-whole" in self.path:
            self.rfile.read(length)
            return self.refuse(405, "UNSUPPORTED", "all of it at once, please")
        if int(self.headers["Content-Range"].split("-")[0]) != len(upload):
            self.rfile.read(length)
            return self.refuse(416, "RANGE_INVALID", "not there")
        if "push-pieces" in self.path and count == 2:
            upload += self.rfile.read(length // 2)
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return None
        upload += self.rfile.read(length)
        there = len(upload) + (7 if "push-boast" in self.path else 0)
        self.answer(202, Location=self.path, Range=f"0-{there - 1}")

    def get_upload(self):
        if "push-pieces-forgotten" in self.path:
            self.server.uploads.clear()
            return self.refuse(404, "BLOB_UPLOAD_UNKNOWN", "what upload?")
        self.answer(204, Location=self.path, Range=f"0-{len(self.server.uploads[self.path]) - 1}")

    def do_PUT(self):
        count = self.note()
        length = int(self.headers.get("Content-Length", 0))
        if "push-cut" in self.path and "uploads" in self.path and count == 1:
            self.rfile.read(length // 2)
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        body = self.rfile.read(length)
        if "push-denied" in self.path:
            return self.refuse(403, "DENIED", "this repository is read-only\n\x1b[31m")
        if "manifests" in self.path and "push-lie" in self.path:
            return self.answer(201, Docker_Content_Digest=digest(b"something else"))
        if "/uploads/" in self.path:
            path, _, wanted = self.path.rpartition("&digest=")
            body = bytes(self.server.uploads.pop(path, b"")) + body
            if digest(body) != wanted.replace("%3A", ":"):
                return self.refuse(400, "DIGEST_INVALID", f"{len(body)} bytes are something else")
        self.answer(201, Docker_Content_Digest=digest(body))

    def get_manifest(self, repository, count):
        if "push-" in repository:
            return self.refuse(404, "UNKNOWN", "no such thing")
        if repository == "none":
            return self.refuse(404, "MANIFEST_UNKNOWN", "manifest unknown")
        if repository == "busy" and count < 3:
            return self.refuse(429, "TOOMANYREQUESTS", "slow down", Retry_After="0")
        if repository == "broken" and count < 3:
            return self.refuse(500, "UNKNOWN", "oh")
        if repository == "down":
            return self.refuse(503, "UNAVAILABLE", "away for lunch")
        if repository == "later":
            return self.refuse(429, "TOOMANYREQUESTS", "slow down", Retry_After="3600")
        if repository == "loop":
            return self.answer(307, Location=self.path)
        body = MANIFESTS.get(repository, manifest())
        declared = digest(b"another") if repository == "lying-manifest" else digest(body)
        self.answer(200, body, Content_Type=MANIFEST, Docker_Content_Digest=declared)

    def get_blob(self, repository, count):
        if "push-" in repository:
            return self.refuse(404, "BLOB_UNKNOWN", "no such blob")
        start = int(self.headers.get("Range", "bytes=0-")[6:].split("-")[0])
        if repository == "cut" and count < 4:
            if start:
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(COMPONENT) - 1}/{len(COMPONENT)}")
                self.send_header("Content-Length", str(len(COMPONENT) - start))
                self.end_headers()
                self.wfile.write(COMPONENT[start:start + 70_000])
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return None
            return self.cut(COMPONENT, 70_000)
        if repository == "cut" and start:
            return self.answer(206, COMPONENT[start:], Content_Range=f"bytes {start}-{len(COMPONENT) - 1}/{len(COMPONENT)}")
        if repository == "cut-always":
            return self.cut(COMPONENT, 1000)
        if repository == "cut-once":  # and it does not know ranges
            return self.cut(COMPONENT, 70_000) if count == 1 else self.answer(200, COMPONENT)
        if repository == "other-range" and start:
            return self.answer(206, COMPONENT[start - 5:], Content_Range=f"bytes {start - 5}-{len(COMPONENT) - 1}/{len(COMPONENT)}")
        if repository == "other-range":
            return self.cut(COMPONENT, 70_000)
        if repository == "lying-blob":
            return self.answer(200, COMPONENT[:-1] + b"!")
        if repository == "moved":
            return self.answer(307, Location=f"http://{self.server.elsewhere}/blob")
        self.answer(200, COMPONENT)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, name, log):
        super().__init__(("127.0.0.1", 0), Handler)
        self.name, self.log, self.counts, self.lock = name, log, {}, threading.Lock()
        self.uploads = {}  # what has come, by path
        self.port = self.server_address[1]
        self.address = f"127.0.0.1:{self.port}"


def main():
    log = open(sys.argv[1], "a", encoding="utf-8")
    here, elsewhere = Server("here", log), Server("elsewhere", log)
    here.elsewhere = elsewhere.address
    threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
    print(here.address, flush=True)
    here.serve_forever()


if __name__ == "__main__":
    main()
