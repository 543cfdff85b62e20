"""The HTTP servers that upstream's manifests describe for programs that send requests."""
import http.server, socket, threading

HEADER_PREFIX, TRAILER_PREFIX = "x-echo-", "x-trailer-"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # for chunks, and so trailers

    def log_message(self, *_) -> None:
        pass

    def body(self) -> tuple[bytes, dict[str, str]]:
        """The request's body and trailers."""
        if "chunked" not in self.headers.get("transfer-encoding", "").lower():
            return self.rfile.read(int(self.headers.get("content-length", 0))), {}
        whole, trailers = b"", {}
        while size := int(self.rfile.readline().partition(b";")[0] or b"0", 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        while (line := self.rfile.readline().strip()):
            name, _, value = line.decode().partition(":")
            trailers[name.strip().lower()] = value.strip()
        return whole, trailers

    def answer(self, status: int, headers, body: bytes = b"", chunks=None, trailers=None) -> None:
        self.close_connection = True
        self.send_response(status)
        for name, value in [*headers, ("connection", "close")]:
            self.send_header(name, value)
        if chunks is None:
            self.send_header("content-length", str(len(body)))
        else:
            self.send_header("transfer-encoding", "chunked")
            if trailers:
                self.send_header("trailer", ", ".join(trailers))
            body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk.encode()) for chunk in chunks) + b"0\r\n"
            body += b"".join(f"{name}: {value}\r\n".encode() for name, value in (trailers or {}).items()) + b"\r\n"
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_request(self) -> None:
        body, trailers = self.body()
        endpoint = self.server.endpoints.get((self.command, self.path))
        if endpoint is None:
            self.answer(404, [])
        elif endpoint.get("mode") == "echo-body":
            self.answer(200, [], body)
        elif endpoint.get("mode") == "echo-headers":
            seen = [("x-request-method", self.command), ("x-request-path", self.path)]
            seen += [(HEADER_PREFIX + name.lower(), value) for name, value in self.headers.items()]
            self.answer(200, seen + [(TRAILER_PREFIX + name, value) for name, value in trailers.items()])
        else:
            response = endpoint["response"]
            self.answer(response.get("status", 200), response.get("headers", {}).items(), response.get("body", "").encode(),
                        response.get("chunks"), response.get("trailers"))

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = handle_request


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_) -> None:
        pass  # programs go away as they like


def start(described: list[dict]) -> tuple[dict[str, str], list[http.server.HTTPServer]]:
    """The variables that tell a program where the servers are, and the servers, which run."""
    variables, running = {}, []
    for each in described:
        if each.get("kind") == "closed":
            with socket.create_server(("127.0.0.1", 0)) as reserved:
                address = reserved.getsockname()
        else:
            server = Server(("127.0.0.1", 0), Handler)
            server.endpoints = {(point["method"], point["path"]): point for point in each["endpoints"]}
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = server.server_address
            running.append(server)
        variables[f"HTTP_SERVER_{each['name'].upper().replace('-', '_')}"] = f"{address[0]}:{address[1]}"
    return variables, running
