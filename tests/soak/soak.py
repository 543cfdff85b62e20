#!/usr/bin/env python3
"""Runs `wash dev` under a mixed load for a while, and asserts that it came through.

Good requests (their answers are checked byte by byte) run beside guests that trap, spin and hoard, clients that leave in
the middle, peers that read and write slowly, floods, and big bodies. Asserted at the end: no good request was lost, the
memory did not grow, no sanitizer had anything to say, and a drain under load answered all and ended with status 0.

With --service the guest is one of WASI 0.3, whose instances are shared. There a trap ends what else its instance does, so
guests that fail run in a second server, of which only that it lives and does not grow is asserted.
"""

import argparse
import asyncio
import hashlib
import os
import random
import re
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from client import DATA, END_HEADERS, END_STREAM, GET_FIELDS, GOAWAY, HEADERS, PREFACE, RESET, SETTINGS
from client import Connection, CutOff, frame

ROOT = Path(__file__).resolve().parent.parent.parent
MIB = 1 << 20
# What the server says of itself. A guest may panic: one that a client leaves does, and its lines are marked.
REPORTS = re.compile(r"^(?!guest \|).*((ERROR|WARNING): \w*Sanitizer|runtime error:|check failed|terminate called|panicked at)",
                     re.IGNORECASE | re.MULTILINE)


class Soak:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.counts = {}
        self.troubles = []
        self.memory = []
        self.told = False
        self.tls = None
        self.time_to_end = 60 * options.patience  # in seconds; once it was told to

    # --- the server

    HELLO = b"fine"
    STALL, FLOOD = "/stall", "/flood"

    def start(self, folder=None, patience=1):
        self.folder = folder or tempfile.TemporaryDirectory(prefix="soak-")
        self.output = Path(self.folder.name) / f"output-{id(self)}"
        flags = self.certify() if self.options.tls else []
        environment = dict(os.environ, HOME=self.folder.name, XDG_CACHE_HOME=self.folder.name + "/cache")
        # Freed memory that a sanitizer keeps to itself would look like growth.
        environment["ASAN_OPTIONS"] = "quarantine_size_mb=8:detect_leaks=1"
        environment["UBSAN_OPTIONS"] = "print_stacktrace=1"
        environment["TSAN_OPTIONS"] = "ignore_noninstrumented_modules=1:history_size=4"
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                [self.options.wash, "-l", "error", "--non-interactive", "dev", self.options.guest,
                 "--address", "127.0.0.1:0", "--allow-host", "*", "--request-timeout", f"{20 * patience}s", "--memory-limit", "32MiB",
                 *flags, *self.options.wash_flags],
                stdout=output, stderr=output, cwd=self.folder.name, env=environment)
        limit = time.monotonic() + 120 * self.options.patience
        while not (found := re.search(r"serving https?://[^\s:]+:(\d+)", self.log())):
            if self.process.poll() is not None or time.monotonic() > limit:
                sys.exit(f"soak: the server did not start:\n{self.log()}")
            time.sleep(0.05)
        self.port = int(found.group(1))

    def certify(self):
        """Makes a certificate that vouches for itself, and trusts it; the flags that serve with it."""
        certificate, key = (str(Path(self.folder.name) / name) for name in ("cert.pem", "key.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
        self.tls = ssl.create_default_context(cafile=certificate)
        return ["--tls-cert-path", certificate, "--tls-key-path", key, "--http-client-ca-path", certificate]

    def log(self):
        return self.output.read_text(errors="replace")

    def report(self):
        """The log from where the server reports an error of its own, or nothing."""
        log = self.log()
        found = REPORTS.search(log)
        return found and log[found.start() :][:20_000]

    def resident(self):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def connect(self):
        return Connection(self.port, self.tls)

    # --- the load: each of these is one turn of a player

    def expect(self, what, got, wanted):
        if got != wanted:
            raise AssertionError(f"{what}: {str(got)[:300]!r} in place of {str(wanted)[:100]!r}")

    async def hello(self):
        async with self.connect() as connection:
            for _ in range(self.random.randint(1, 50)):
                status, _, body = await connection.get("/")
                self.expect("hello", (status, body), (200, self.HELLO))
                self.count("hello")

    async def echo(self, size=None):
        """Sends and reads at once, with a length or in chunks."""
        size = self.random.randint(0, 200_000) if size is None else size
        seed = self.random.randbytes(997)
        body = (seed * (size // len(seed) + 1))[:size]
        async with self.connect() as connection:

            async def send():
                head = "POST /echo HTTP/1.1\r\nhost: soak\r\n"
                if self.random.random() < 0.5:
                    await connection.send(f"{head}content-length: {size}\r\n\r\n".encode())
                    for at in range(0, size, 50_000):
                        await connection.send(body[at : at + 50_000])
                else:
                    await connection.send(f"{head}transfer-encoding: chunked\r\n\r\n".encode())
                    for at in range(0, size, 30_000):
                        piece = body[at : at + 30_000]
                        await connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
                    await connection.send(b"0\r\n\r\n")

            sending = asyncio.create_task(send())
            try:
                status, fields = await connection.head()
                digest = hashlib.sha256()
                await connection.body(fields, digest.update)
                self.expect("echo", status, 200)
                self.expect("echoed body", digest.hexdigest(), hashlib.sha256(body).hexdigest())
                await sending
            finally:
                sending.cancel()
        self.count("echo")

    async def big_echo(self):
        await self.echo(self.random.randint(1, 6) * MIB)
        self.count("big echo")

    def target(self, path, port=None):
        """A field that lets the guest send its request on to this very server."""
        return f"x-target: http{'s' if self.tls else ''}://localhost:{port or self.port}{path}\r\n"

    async def forward(self):
        """The guest is a client of this server, too."""
        body = self.random.randbytes(self.random.randint(0, 60_000))
        async with self.connect() as connection:
            for _ in range(self.random.randint(1, 10)):
                await connection.send(f"POST /forward HTTP/1.1\r\nhost: soak\r\n{self.target('/echo')}"
                                      f"content-length: {len(body)}\r\n\r\n".encode() + body)
                status, _, answer = await connection.response()
                self.expect("forward", (status, answer), (200, body))
                self.count("forward")

    async def bad_forward(self):
        """What the guest asks for is not there, falls over, or is not waited for."""
        path, target, wanted = self.random.choice(
            [("/forward", self.target("/trap"), (500,)), ("/forward", self.target("/later-trap"), (500, None)),
             ("/forward", self.target("/", port=1), (502,)), ("/forward", self.target("/silent"), (500,)),
             ("/forward-and-leave", self.target("/stall"), (200,)), ("/forward-and-leave", self.target("/flood"), (200,))])
        async with self.connect() as connection:
            try:
                await connection.send(f"GET {path} HTTP/1.1\r\nhost: soak\r\n{target}\r\n".encode())
                status, _, _ = await connection.response()
            except CutOff:
                status = None
            if status not in wanted:
                self.expect(path + target, status, wanted)
        self.count("bad forward")

    async def http2(self):
        """Many streams of a real client. The counts are the client's."""
        number = 200
        process = await asyncio.create_subprocess_exec(
            "h2load", "-n", str(number), "-c", "2", "-m", "20",
            f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = (await process.communicate())[0].decode()
        self.expect("h2load", re.findall(r"status codes: (\d+) 2xx", output), [str(number)])
        self.count("http2", number)

    async def bad_guest(self):
        # Under load a guest may lose its turn between its head and its fault; then the answer is cut off.
        late = (500, None)
        path, wanted = self.random.choice(
            [("/trap", (500,)), ("/late-trap", late), ("/grow", (500,)), ("/recurse", (500,)), ("/silent", (500,)),
             ("/short", late), ("/no-end", late), ("/fields", (500,)), ("/bodies", (500,)), ("/header", (200,)),
             ("/later-trap", (None,))])
        async with self.connect() as connection:
            try:
                status, _, _ = await connection.get(path)
            except CutOff:
                status = None
            if status not in wanted:
                self.expect(path, status, wanted)
        self.count("bad guest")

    async def leave(self):
        """Goes away in the middle of everything."""
        connection = await self.connect().open(receive_buffer=self.random.choice([0, 4096]))
        path = self.random.choice(self.paths_to_leave())
        text = (f"POST {path} HTTP/1.1\r\nhost: soak\r\n{self.target('/stall')}content-length: 100000\r\n\r\n".encode()
                + b"x" * self.random.randint(0, 90_000))
        await connection.send(text[: self.random.randint(0, len(text))])
        await asyncio.sleep(self.random.random() * 0.2)
        if self.random.random() < 0.5:
            connection.reset()
        else:
            connection.close()
        self.count("left")

    def paths_to_leave(self):
        return ["/stall", "/spin", "/flood", "/echo", "/", "/forward"]

    async def slow_peer(self):
        """Writes byte by byte and reads a little at a time, and is served all the same."""
        connection = await self.connect().open(receive_buffer=2048)
        size = 2000
        for byte in b"POST /echo HTTP/1.1\r\nhost: slow\r\ncontent-length: %d\r\n\r\n" % size:
            await connection.send(bytes([byte]))
            await asyncio.sleep(0.02)
        for _ in range(20):
            await connection.send(b"y" * (size // 20))
            await asyncio.sleep(0.05)
        status, _, body = await connection.response()
        self.expect("slow peer", (status, body), (200, b"y" * size))
        connection.close()
        self.count("slow peer")

    async def slow_reader(self):
        """Takes a flood in small sips, then leaves."""
        connection = await self.connect().open(receive_buffer=2048)
        await connection.send(f"GET {self.FLOOD} HTTP/1.1\r\nhost: slow\r\n\r\n".encode())
        for _ in range(30):
            await connection.reader.read(500)
            await asyncio.sleep(0.1)
        connection.reset()
        self.count("slow reader")

    async def flood(self):
        """HTTP/2 streams that are reset as fast as they are opened (CVE-2023-44487), or nonsense."""
        connection = await self.connect().open()
        kind = self.random.choice(["resets", "settings", "garbage"])
        data = PREFACE + frame(SETTINGS, 0, 0)
        if kind == "resets":
            for i in range(3000):
                data += frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, GET_FIELDS)
                data += frame(RESET, 0, 2 * i + 1, (8).to_bytes(4, "big"))
        elif kind == "settings":
            data += frame(SETTINGS, 0, 0, b"\0\4\0\1\0\0") * 20_000
        else:
            data = self.random.randbytes(3000)
        received = b""
        try:
            await connection.send(data)
            while piece := await connection.reader.read(1 << 16):
                received += piece
        except (ConnectionError, ssl.SSLError):
            pass  # closed on us, as it should be
        connection.close()
        if kind != "garbage" and len(received) < 200_000:
            self.expect(f"flood of {kind}", self.frame_kinds(received)[-1:] or [GOAWAY], [GOAWAY])
        self.count("flood")

    @staticmethod
    def frame_kinds(data):
        kinds = []
        while len(data) >= 9:
            kinds.append(data[3])
            data = data[9 + int.from_bytes(data[:3], "big") :]
        return kinds

    # --- the whole

    def count(self, what, number=1):
        self.counts[what] = self.counts.get(what, 0) + number

    async def player(self, turn, pause, until):
        limit = 120 * self.options.patience
        while time.monotonic() < until and not self.troubles:
            try:
                await asyncio.wait_for(turn(), limit)
            except asyncio.TimeoutError:
                self.troubles.append(f"{turn.__name__}: nothing within {limit} s")
            except (AssertionError, CutOff, OSError, ssl.SSLError) as e:
                self.troubles.append(f"{turn.__name__}: {type(e).__name__}: {e}")
            await asyncio.sleep(pause * self.random.random() * 2)

    async def watch(self, until):
        while time.monotonic() < until and not self.troubles:
            if self.process.poll() is not None:
                self.troubles.append(f"the server ended with status {self.process.returncode}")
                return
            self.memory.append(self.resident())
            await asyncio.sleep(0.5)

    def players(self):
        return [(self.hello, 0, 3), (self.echo, 0.05, 2), (self.big_echo, 0.3, 1), (self.http2, 0.5, 1),
                   (self.bad_guest, 0.05, 1), (self.forward, 0.1, 2), (self.bad_forward, 0.05, 1), (self.leave, 0.02, 2), (self.slow_peer, 0.1, 4),
                   (self.slow_reader, 0.1, 4), (self.flood, 0.5, 1)]

    async def load(self):
        until = time.monotonic() + self.options.seconds
        players = self.players()
        if not self.options.has_h2load:
            players = [each for each in players if each[0] != self.http2]
        if self.options.only:
            players = [each for each in players if each[0].__name__ in self.options.only]
        await asyncio.gather(self.watch(until),
                             *(self.player(turn, pause, until) for turn, pause, many in players for _ in range(many)))

    async def drain(self):
        """Requests that were begun are answered, though the server is told to stop; then it ends."""
        connections = []
        for _ in range(20):
            connection = await self.connect().open()
            await connection.send(b"POST /echo HTTP/1.1\r\nhost: soak\r\ncontent-length: 4\r\n\r\nla")
            await connection.head()  # the guest runs
            connections.append(connection)
        self.told = True
        self.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        for connection in connections:
            await connection.send(b"st")
            self.expect("the last body", await connection.body({"transfer-encoding": "chunked"}), b"last")
            connection.close()

    def check_memory(self):
        # The first tenth warms caches and pools up.
        steady = self.memory[len(self.memory) // 10 :]
        if len(steady) < 10:
            return
        first, second = (statistics.median(half) for half in
                         (steady[: len(steady) // 2], steady[len(steady) // 2 :]))
        tenth = max(1, len(self.memory) // 10)
        course = " ".join(f"{statistics.median(self.memory[at : at + tenth]):.0f}"
                          for at in range(0, len(self.memory) - tenth + 1, tenth))
        self.summary = f"memory {first:.0f} MiB, then {second:.0f} MiB (by tenths: {course})"
        # A short run has not seen every buffer at its largest.
        allowed = 1.1 if self.options.seconds >= 300 else 1.35
        if second > first * allowed + 16:
            self.troubles.append(f"memory grew: {self.summary}")

    def run(self):
        self.start(patience=self.options.patience)
        self.summary = ""
        begin = time.monotonic()
        try:
            asyncio.run(self.load())
            if not self.troubles:
                try:
                    asyncio.run(asyncio.wait_for(self.drain(), self.time_to_end))
                except (AssertionError, CutOff, OSError, asyncio.TimeoutError) as e:
                    self.troubles.append(f"drain: {type(e).__name__}: {e}")
            self.check_memory()
        finally:
            # A second signal would end it at once.
            if self.process.poll() is None and not self.told:
                self.process.terminate()
            try:
                status = self.process.wait(self.time_to_end)
            except subprocess.TimeoutExpired:
                self.process.kill()
                status = self.process.wait()
                self.troubles.append(f"the server did not end within {self.time_to_end} s of being told to")
        if status != 0:
            self.troubles.append(f"the server ended with status {status}")
        if report := self.report():
            self.troubles.append("the server reported an error of its own")
        counts = ", ".join(f"{number} {what}" for what, number in sorted(self.counts.items()))
        print(f"soak: {time.monotonic() - begin:.0f} s, seed {self.options.seed}: {counts}; {self.summary}")
        if self.troubles:
            print(report or self.log()[-3000:])
            for trouble in self.troubles:
                print(f"soak: {trouble}")
            sys.exit(1)


class ServiceSoak(Soak):
    HELLO = b"hello from p3\n"
    STALL, FLOOD = "/wait?ms=100000", "/ticks"

    def start(self, folder=None, patience=1):
        super().start(folder, patience)
        self.bad = Soak(self.options)
        # Its answers may be late: with more time there would only be more guests that spin.
        self.bad.start(self.folder)

    async def forward(self):
        body = self.random.randbytes(self.random.randint(0, 60_000))
        async with self.connect() as connection:
            for _ in range(self.random.randint(1, 10)):
                await connection.send(f"POST /to/localhost:{self.port}/echo HTTP/1.1\r\nhost: soak\r\n"
                                      f"content-length: {len(body)}\r\n\r\n".encode() + body)
                status, _, answer = await connection.response()
                self.expect("forward", (status, answer), (200, body))
                self.count("forward")

    async def wait(self):
        """Many calls that wait, in one instance."""
        async with self.connect() as connection:
            status, _, body = await connection.get(f"/wait?ms={self.random.randint(1, 300)}")
            self.expect("wait", (status, body), (200, b"waited\n"))
        self.count("wait")

    async def behind(self):
        async with self.connect() as connection:
            status, _, body = await connection.get("/behind?ms=100")
            self.expect("behind", (status, body), (200, b"answered\n"))
        self.count("behind")

    def paths_to_leave(self):
        return [self.STALL, self.FLOOD, "/echo", "/", f"/to/localhost:{self.port}/echo"]

    async def bad_guest(self):
        """Where others trap, too, an answer may be any or none."""
        path = self.random.choice(["/trap", "/late-trap", "/cut", "/error", "/spin", "/stubborn", "/keep?kib=4096", "/",
                                   "/echo", "/outcome"])
        connection = await self.bad.connect().open()
        try:
            await connection.send(f"GET {path} HTTP/1.1\r\nhost: soak\r\n\r\n".encode())
            await asyncio.wait_for(connection.response(), self.random.random() * 2)
        except (CutOff, asyncio.TimeoutError, OSError):
            pass
        connection.reset()
        self.count("bad guest")

    def players(self):
        # Its client asks by plain HTTP.
        forward = [] if self.tls else [(self.forward, 0.1, 2)]
        return [(self.hello, 0, 3), (self.echo, 0.05, 2), (self.big_echo, 0.3, 1), (self.http2, 0.5, 1), (self.wait, 0, 20),
                (self.behind, 0.05, 2), *forward, (self.bad_guest, 0.02, 4), (self.leave, 0.02, 2),
                (self.slow_peer, 0.1, 4), (self.slow_reader, 0.1, 4), (self.flood, 0.5, 1)]

    async def watch(self, until):
        await asyncio.gather(super().watch(until), self.bad.watch(until))

    def check_memory(self):
        super().check_memory()
        good, self.bad.summary = self.summary, ""
        self.bad.check_memory()
        self.troubles += [f"server of bad guests: {trouble}" for trouble in self.bad.troubles]
        self.summary = f"{good}; of bad guests: {self.bad.summary}"
        # A guest that spins may need a second word.
        self.bad.process.terminate()
        try:
            status = self.bad.process.wait(self.time_to_end)
        except subprocess.TimeoutExpired:
            self.bad.process.kill()
            status = f"none within {self.time_to_end} s"
        if status != 0:
            print(self.bad.log()[-3000:])
            self.troubles.append(f"the server of bad guests ended with status {status}")
        if report := self.bad.report():
            print(report)
            self.troubles.append("the server of bad guests reported an error of its own")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wash", default=ROOT / "build/release/wash", type=Path)
    parser.add_argument("--guest", type=Path, help="in place of p2-hostile, or p3-http with --service")
    parser.add_argument("--service", action="store_true", help="of WASI 0.3, in shared instances")
    parser.add_argument("--seconds", default=600, type=float)
    parser.add_argument("--seed", default=random.randrange(1 << 32), type=int)
    parser.add_argument("--only", action="append", help="a kind of player, such as echo or bad_guest; may be repeated")
    parser.add_argument("--patience", default=1, type=int, help="multiplies time limits, where others have the processors")
    parser.add_argument("--tls", action="store_true", help="over TLS, with a certificate made for it")
    parser.add_argument("--wash-flag", dest="wash_flags", action="append", default=[])
    options = parser.parse_args()
    options.guest = options.guest or ROOT / f"build/guests/{'p3-http' if options.service else 'p2-hostile'}.wasm"
    # The server runs in a folder of its own.
    options.wash, options.guest = options.wash.resolve(), options.guest.resolve()
    for file in (options.wash, options.guest):
        if not file.exists():
            print(f"soak: {file} is not there")
            sys.exit(77)  # for ctest: skipped
    options.has_h2load = subprocess.run(["sh", "-c", "command -v h2load"], capture_output=True).returncode == 0
    (ServiceSoak if options.service else Soak)(options).run()


if __name__ == "__main__":
    main()
