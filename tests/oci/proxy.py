"""A proxy for HTTP: relays requests for http, and opens tunnels (CONNECT).

usage: proxy.py LOG [--login USER:PASSWORD] [NAME=HOST:PORT ...]: prints its address. Names that nobody else knows are connected to
where they say; one with nothing behind its "=" is refused, one with "?" is answered with what is no HTTP. LOG gets one line a
request: its first line, and who the client said it is, to the proxy and to the server.
"""

import base64
import http.client
import http.server
import socket
import sys
import threading
import urllib.parse

names = dict(each.split("=", 1) for each in sys.argv[2:] if "=" in each)
login = sys.argv[sys.argv.index("--login") + 1] if "--login" in sys.argv else None


def pass_on(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def refuse(self, status):
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def admit(self, name):
        """Where to go; nothing where the client got its answer."""
        with open(sys.argv[1], "a", encoding="utf-8") as log:
            who = ["known" if field in self.headers else "nobody" for field in ("Proxy-Authorization", "Authorization")]
            print(self.command, self.path, *who, file=log)
        if login:
            expected = "Basic " + base64.b64encode(login.encode()).decode()
            if self.headers.get("Proxy-Authorization") != expected:
                return self.refuse(407)
        address = names.get(name, name)
        if not address:
            return self.refuse(403)
        if address == "?":
            self.close_connection = True
            self.wfile.write(b"220 mail.example ready\r\n\r\n")
            return None
        host, port = address.rsplit(":", 1)
        return host, int(port)

    def do_CONNECT(self):
        where = self.admit(self.path)
        if where is None:
            return
        self.close_connection = True
        try:
            server = socket.create_connection(where, 10)
        except OSError:
            self.refuse(502)
            return
        with server:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pass_on, args=(server, self.connection))
            back.start()
            pass_on(self.connection, server)
            back.join()

    def relay(self):
        url = urllib.parse.urlsplit(self.path)
        where = self.admit(url.netloc)
        if where is None:
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fields = {name: value for name, value in self.headers.items() if name.lower() != "proxy-authorization"}
        connection = http.client.HTTPConnection(*where, timeout=10)
        connection.request(self.command, self.path.split(url.netloc, 1)[1] or "/", body, fields)
        answer = connection.getresponse()
        data = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
        if length is not None and answer.status not in (204, 304):
            self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(data)
        connection.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = relay


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print("127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
