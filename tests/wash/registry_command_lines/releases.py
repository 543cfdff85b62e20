"""Releases as GitHub serves them.

usage: releases.py VERSION FOLDER: prints its address. What FOLDER holds are the assets; a file digests.json in it, name to
digest, is what the service says of them. Downloads redirect to a second server, and both write to the file asked who came.
"""

import http.server
import json
import os
import sys
import threading

VERSION, FOLDER = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with open("asked", "a", encoding="utf-8") as log:
            print(self.server.name, self.path, self.headers.get("Authorization", "nobody").split(" ")[0], self.headers["User-Agent"],
                  file=log)
        names = sorted(name for name in os.listdir(FOLDER) if name != "digests.json")
        if self.server.name == "store":
            return self.answer(200, open(os.path.join(FOLDER, os.path.basename(self.path)), "rb").read())
        if self.path.startswith("/repos/private/") and self.headers.get("Authorization") != "Bearer t0ken-word":
            return self.answer(404, b"{}")
        if self.path.startswith("/repos/busy/"):
            return self.answer(403, b"{}", **{"X-RateLimit-Remaining": "0"})
        if self.path.startswith("/repos/odd/"):
            return self.answer(200, json.dumps({"tag_name": "nightly"}).encode())
        if self.path.endswith("/releases/latest"):
            digests = {}
            if os.path.exists(os.path.join(FOLDER, "digests.json")):
                digests = json.load(open(os.path.join(FOLDER, "digests.json"), encoding="utf-8"))
            assets = [{"id": i, "name": name, "digest": digests.get(name)} for i, name in enumerate(names)]
            return self.answer(200, json.dumps({"tag_name": "v" + VERSION, "assets": assets}).encode())
        number = int(self.path.rsplit("/", 1)[1])
        return self.answer(302, Location=f"http://{self.server.store}/{names[number]}")


def server(name):
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.name = name
    made.daemon_threads = True
    return made, f"127.0.0.1:{made.server_address[1]}"


api, address = server("api")
store, api.store = server("store")
threading.Thread(target=store.serve_forever, daemon=True).start()
print(address, flush=True)
api.serve_forever()
