"""Many components in one process, and one that computes beside one that answers at once."""

import subprocess
import threading

from harness import *

COUNT = 100


class Tenants:
    names = ("tenants", "host")

    def __init__(self):
        self.table = Table(
            "Many components",
            f"{COUNT} components (p2-hello, each with code of its own) in one process; `in turn` asks one after the other over 64 "
            "connections. Loaded: resident MiB once all are loaded and none was asked; after: once all were asked.",
        )

    def round(self):
        component = own("p2-hello")
        for count in (1, COUNT):
            with running(lambda port: [BUILD / "bench/many_components", f"127.0.0.1:{port}", str(count), component]) as server:
                loaded = server.resident()
                script = f'local n = 0; request = function() n = n + 1; return wrk.format("GET", "/" .. n % {count}) end'
                wrk(server.url(), 64, 1, script)
                measured = wrk(server.url(), 64, script=script)
                self.table.add((f"{count}, in turn", "libwasmcloud"), **measured, loaded=loaded, after=server.resident())


class Neighbour:
    names = ("beside hello", "host")

    def __init__(self):
        self.table = Table(
            "A guest that computes",
            "Hello over 16 connections, alone and while 2 others keep a guest computing 50 ms at a time.",
        )

    def round(self):
        component = own("p2-busy")
        for host in hosts("wash", "wasmtime"):
            with running(serving(host, component)) as server:
                wrk(server.url(), 16, 1)
                self.table.add(("nothing", host), **wrk(server.url(), 16))
                busy = threading.Thread(target=wrk, args=(server.url("/busy?50"), 2, SECONDS + 1))
                busy.start()
                time.sleep(0.5)
                self.table.add(("50 ms of computing", host), **wrk(server.url(), 16))
                busy.join()
