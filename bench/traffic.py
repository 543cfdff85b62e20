"""Requests to one component on each host: hello, composed, proxy, bodies, HTTP/2, start."""

import re
import subprocess
import time
import urllib.request

from harness import *

MIB = 1 << 20
STARTS = 10


class Hello:
    names = ("guest", "connections", "host")

    def __init__(self):
        self.table = Table(
            "Hello",
            "p2-*, c-, go-: a fresh instance for each request; p3-*, c-p3-*: instances that are reused, 128 calls each, 16 at once, on either host. `native` is wash's HTTP server without a guest: the limit of what a host on it can "
            "reach. Ratio: wash's requests/s to the row's. Resident: MiB at the end of the load.",
        )

    def round(self):
        loads = [
            ("p2-hello", 1), ("p2-hello", 64), ("c-hello", 64), ("go-hello", 64), ("p2-composed-hello", 64),
            ("p3-hello", 1), ("p3-hello", 64), ("c-p3-hello", 64), ("p3-composed-hello", 64),
        ]
        for guest, connections in loads:
            for host in hosts("wash", "wasmtime", *(["native"] if guest in ("p2-hello", "p3-hello") else [])):
                if component := own(guest):
                    self.load(guest, connections, host, component)

    def load(self, guest, connections, host, component):
        headers = ["x-pass: yes"] if "composed" in guest else []
        with running(serving(host, component)) as server:
            wrk(server.url(), connections, 1, headers=headers)
            measured = wrk(server.url(), connections, headers=headers)
            self.table.add((guest, str(connections), host), **measured, resident=server.resident())


class Start:
    names = ("host",)

    def __init__(self):
        self.table = Table(
            "Start",
            f"From the start of the process to the first 200, compiled code cached, {STARTS} starts a round; ms. CPU: what the process used of it.",
        )

    def round(self):
        for _ in range(STARTS):
            for host in hosts("wash", "wasmtime", "native"):
                begin = time.monotonic()
                with running(serving(host, own("p2-hello"))) as server:
                    with urllib.request.urlopen(server.url()) as answer:
                        answer.read()
                    self.table.add((host,), ms=(time.monotonic() - begin) * 1000, **{"CPU ms": server.cpu() * 1000})


class Echo:
    names = ("guest", "request", "host")

    def __init__(self):
        self.table = Table(
            "Bodies",
            "The guest sends the request's body back as it comes: p2-echo and p3-echo copy it, p3-echo `/forward` hands the request's own stream "
            "to the response. 1 MiB over 8 connections by wrk; 100 MiB, one at a time, by a client that does nothing else than send and "
            "receive. CPU: the server's, user and kernel, for it. Peak: the most MiB the process had resident.",
        )
        self.body = WORK / "body"
        self.body.write_bytes(bytes(range(256)) * (100 * MIB // 256))

    def round(self):
        script = f'wrk.method = "POST"; wrk.body = string.rep("x", {MIB})'
        for guest, path in (("p2-echo", "/echo"), ("p3-echo", "/echo"), ("p3-echo", "/forward")):
            name = guest if path == "/echo" else f"{guest} {path}"
            component = own(guest)
            for host in hosts("wash", "wasmtime", *(["native"] if guest == "p2-echo" else [])) if component else []:
                with running(serving(host, component)) as server:
                    wrk(server.url(path), 8, 1, script)
                    measured = wrk(server.url(path), 8, script=script)
                    self.table.add((name, "1 MiB, 8 connections", host), **measured, peak=server.resident("VmHWM"))
                with running(serving(host, component)) as server:
                    check_echo(server.url(path), self.body)
                    before = server.cpu()
                    seconds = float(output_of(BUILD / "bench/echo_client", str(server.port), path, "100"))
                    self.table.add((name, "100 MiB", host), **{"s": seconds, "CPU s": server.cpu() - before}, peak=server.resident("VmHWM"))


def check_echo(url, file):
    """Posts the file and checks that it comes back."""
    back = WORK / "back"
    output_of("curl", "-sS", "-f", "-H", "expect:", "-T", file, "-X", "POST", "-o", back, url)
    if subprocess.run(["cmp", "-s", file, back]).returncode:
        raise RuntimeError(f"{url}: the body came back changed")


class Proxy:
    names = ("guest", "request", "host")

    def __init__(self):
        self.table = Table(
            "Outgoing proxy",
            "The guest forwards to wash's HTTP server without a guest on the same machine. Peak: the most MiB resident.",
        )

    def round(self):
        for guest in ("p2-proxy", "p3-proxy"):
            if component := own(guest):
                for host in hosts("wash", "wasmtime"):
                    self.load(guest, host, component)

    def load(self, guest, host, component):
        post = f'wrk.method = "POST"; wrk.body = string.rep("x", {MIB})'
        with running(serving("native", None)) as upstream, running(serving(host, component)) as server:
            headers = [f"x-target: {upstream.url()}"]
            for name, connections, script in (("GET, 64 connections", 64, None), ("1 MiB, 8 connections", 8, post)):
                wrk(server.url(), connections, 1, script, headers)
                measured = wrk(server.url(), connections, script=script, headers=headers)
                self.table.add((guest, name, host), **measured, peak=server.resident("VmHWM"))


class Http2:
    names = ("connections x streams", "host")

    def __init__(self):
        self.table = Table("HTTP/2", "Hello over HTTP/2 with prior knowledge, by h2load.")

    def round(self):
        for host in hosts("wash", "native"):
            with running(serving(host, own("p2-hello"))) as server:
                for connections, streams in ((1, 100), (8, 8)):
                    self.load(server, host, connections, streams)

    def load(self, server, host, connections, streams):
        command = ["h2load", f"-c{connections}", f"-m{streams}", f"-D{SECONDS:g}", "--warm-up-time=1", "-t1", server.url()]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        failed = re.search(r"(\d+) failed, (\d+) errored", text)
        if not failed or any(int(count) for count in failed.groups()):
            note(f"HTTP/2 on {host}: {failed.group(0) if failed else text}")
        # min, max, mean, sd, within: h2load has no quantiles.
        times = re.search(r"time for request:\s+(\S+)\s+(\S+)\s+(\S+)", text).groups()
        rate = float(re.search(r"finished in .*?, ([0-9.]+) req/s", text).group(1))
        self.table.add((f"{connections} x {streams}", host), **{
            "requests/s": rate, "mean ms": milliseconds(times[2]), "most ms": milliseconds(times[1])})
