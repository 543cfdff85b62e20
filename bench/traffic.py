"""Requests to one component on each host: hello, composed, proxy, bodies, HTTP/2, start."""

import re
import subprocess
import time
import urllib.request

from harness import *

MIB = 1 << 20


class Hello:
    names = ("guest", "connections", "host")

    def __init__(self):
        self.table = Table(
            "Hello",
            "A fresh instance for each request. `native` is wash's HTTP server without a guest: the limit of what a host on it can "
            "reach. Ratio: wash's requests/s to the row's. Resident: MiB at the end of the load.",
        )

    def round(self):
        loads = [("p2-hello", 1), ("p2-hello", 64), ("c-hello", 64), ("go-hello", 64), ("p2-composed-hello", 64)]
        for guest, connections in loads:
            for host in hosts("wash", "wasmtime", *(["native"] if guest == "p2-hello" else [])):
                if component := own(guest):
                    self.load(guest, connections, host, component)

    def load(self, guest, connections, host, component):
        headers = ["x-pass: yes"] if guest == "p2-composed-hello" else []
        with running(serving(host, component)) as server:
            wrk(server.url(), connections, 1, headers=headers)
            measured = wrk(server.url(), connections, headers=headers)
            self.table.add((guest, str(connections), host), **measured, resident=server.resident())


class Start:
    names = ("host",)

    def __init__(self):
        self.table = Table("Start", "From the start of the process to the first 200, compiled code cached; ms.")

    def round(self):
        for host in hosts("wash", "wasmtime", "native"):
            begin = time.monotonic()
            with running(serving(host, own("p2-hello"))) as server:
                with urllib.request.urlopen(server.url()) as answer:
                    answer.read()
                self.table.add((host,), ms=(time.monotonic() - begin) * 1000)


class Echo:
    names = ("request", "host")

    def __init__(self):
        self.table = Table(
            "Bodies",
            "p2-echo sends the request's body back as it comes. 1 MiB over 8 connections by wrk; 100 MiB by curl, one at a time. "
            "Peak: the most MiB the process had resident.",
        )
        self.body = WORK / "body"
        self.body.write_bytes(bytes(range(256)) * (100 * MIB // 256))

    def round(self):
        script = f'wrk.method = "POST"; wrk.body = string.rep("x", {MIB})'
        for host in hosts("wash", "wasmtime", "native"):
            with running(serving(host, own("p2-echo"))) as server:
                wrk(server.url("/echo"), 8, 1, script)
                measured = wrk(server.url("/echo"), 8, script=script)
                self.table.add(("1 MiB, 8 connections", host), **measured, peak=server.resident("VmHWM"))
            with running(serving(host, own("p2-echo"))) as server:
                curl_body(server.url("/echo"), self.body)
                seconds = curl_body(server.url("/echo"), self.body)
                self.table.add(("100 MiB", host), s=seconds, peak=server.resident("VmHWM"))


def curl_body(url, file, headers=()):
    """Posts the file and checks that it comes back; seconds."""
    back = WORK / "back"
    command = ["curl", "-sS", "-f", "-H", "expect:", "-T", file, "-X", "POST", "-o", back, "-w", "%{time_total}"]
    for header in headers:
        command += ["-H", header]
    seconds = float(subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout)
    if subprocess.run(["cmp", "-s", file, back]).returncode:
        raise RuntimeError(f"{url}: the body came back changed")
    return seconds


class Proxy:
    names = ("request", "host")

    def __init__(self):
        self.table = Table(
            "Outgoing proxy",
            "p2-proxy forwards to wash's HTTP server without a guest on the same machine. Peak: the most MiB resident.",
        )

    def round(self):
        component = own("p2-proxy")
        if not component:
            return
        post = f'wrk.method = "POST"; wrk.body = string.rep("x", {MIB})'
        for host in hosts("wash", "wasmtime"):
            with running(serving("native", None)) as upstream, running(serving(host, component)) as server:
                headers = [f"x-target: {upstream.url()}"]
                for name, connections, script in (("GET, 64 connections", 64, None), ("1 MiB, 8 connections", 8, post)):
                    wrk(server.url(), connections, 1, script, headers)
                    measured = wrk(server.url(), connections, script=script, headers=headers)
                    self.table.add((name, host), **measured, peak=server.resident("VmHWM"))


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
