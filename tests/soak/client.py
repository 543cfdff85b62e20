"""HTTP/1.1 by hand over asyncio: exact about what comes back, and able to misbehave."""

import asyncio
import socket
import ssl
import struct


class CutOff(Exception):
    """The connection ended before the response did."""


class Connection:
    """One connection to the server; `tls` is an ssl.SSLContext, or None."""

    def __init__(self, port, tls=None):
        self.port, self.tls = port, tls

    async def open(self, receive_buffer=0):
        sock = socket.socket()
        sock.setblocking(False)
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
        name = {"server_hostname": "localhost"} if self.tls else {}
        self.reader, self.writer = await asyncio.open_connection(sock=sock, ssl=self.tls, limit=1 << 20, **name)
        return self

    async def __aenter__(self):
        return await self.open()

    async def __aexit__(self, *_):
        self.close()

    def close(self):
        self.writer.close()

    def reset(self):
        """Closes with a reset instead of an orderly end, unless the server has closed it."""
        sock = self.writer.get_extra_info("socket")
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            return
        self.writer.transport.abort()

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def head(self):
        """The status, and the fields in lower case."""
        try:
            text = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError) as e:
            raise CutOff("no head") from e
        first, *lines = text[:-4].split("\r\n")
        fields = {}
        for line in lines:
            name, value = line.split(":", 1)
            fields[name.lower()] = value.strip()
        return int(first.split(" ")[1]), fields

    async def body(self, fields, take=None):
        """The whole body; `take` is called with each piece instead of keeping it, if given."""
        pieces = []
        keep = take or pieces.append
        try:
            if "content-length" in fields:
                left = int(fields["content-length"])
                while left:
                    piece = await self.reader.read(min(left, 1 << 16))
                    if not piece:
                        raise CutOff(f"{left} bytes are missing")
                    left -= len(piece)
                    keep(piece)
            else:
                assert fields.get("transfer-encoding") == "chunked", fields
                while size := int(await self.reader.readuntil(b"\r\n"), 16):
                    keep(await self.reader.readexactly(size))
                    assert await self.reader.readexactly(2) == b"\r\n"
                assert await self.reader.readexactly(2) == b"\r\n"
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError) as e:
            raise CutOff("the body ends early") from e
        return b"".join(pieces)

    async def response(self):
        status, fields = await self.head()
        return status, fields, await self.body(fields)

    async def get(self, path):
        await self.send(f"GET {path} HTTP/1.1\r\nhost: soak\r\n\r\n".encode())
        return await self.response()


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


# :method GET, :scheme http, :path /, :authority a
GET_FIELDS = b"\x82\x86\x84\x41\x01a"
DATA, HEADERS, RESET, SETTINGS, GOAWAY = 0, 1, 3, 4, 7
END_STREAM, END_HEADERS = 1, 4
