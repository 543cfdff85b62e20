"""A server that says where a registry's packages are, by the document of the wasm-pkg tools.

usage: well_known.py DOCUMENT LOG: prints its address; answers with what the file holds at the time, 404 if it is not there,
or, for a file "STATUS 503", with that. LOG gets one line a request: path, and whether the client said who it is.
"""

import http.server
import pathlib
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        with open(sys.argv[2], "a", encoding="utf-8") as log:
            print(self.path, "authorised" if "Authorization" in self.headers else "nobody", file=log)
        document = pathlib.Path(sys.argv[1])
        body = document.read_bytes() if document.exists() and self.path == "/.well-known/wasm-pkg/registry.json" else None
        status = 404 if body is None else 200
        if body is not None and body.startswith(b"STATUS "):
            status, body = int(body[7:]), b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print("127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
