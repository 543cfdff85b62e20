"""Servers, clients and statistics that the measurements share."""

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/release"
SECONDS = float(os.environ.get("SECONDS_EACH", 3))
WORK = Path(tempfile.mkdtemp(prefix="bench-"))


def own(name):
    """A guest that this project builds, or one that lies in the folder $GUESTS; None where it is not there."""
    folders = [ROOT / "build/guests", Path(os.environ.get("GUESTS", ROOT.parent / "shared/guests"))]
    return next((folder / f"{name}.wasm" for folder in folders if (folder / f"{name}.wasm").exists()), None)


def has(program):
    return shutil.which(program) is not None


def note(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that answers on a port of its own."""

    def __init__(self, command):
        """`command` is made from the port."""
        self.port = free_port()
        self.output = WORK / f"server-{self.port}"
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(command(self.port), stdout=output, stderr=output)

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.port}{path}"

    def wait_until_listening(self):
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.process.args[0]} ended: {self.output.read_text()[-2000:]}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.0002)

    def resident(self, kind="VmRSS"):
        """MiB; `VmHWM` is the most so far."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(kind):
                return int(line.split()[1]) / 1024
        return 0.0

    def cpu(self):
        """Seconds that its threads have run."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def running(command):
    server = Server(command)
    try:
        server.wait_until_listening()
        yield server
    finally:
        server.stop()


def serving(host, component):
    """How a host is started on a component: a function from the port to the command."""
    address = "127.0.0.1:{}".format
    return {
        "wash": lambda port: [BUILD / "wash", "-l", "error", "--non-interactive", "dev", "--allow-host", "*", component, "--address", address(port)],
        "wasmtime": lambda port: ["wasmtime", "serve", "-C", "cache=y", "--addr", address(port), "-S", "cli=y", "-S", "p3=y", "-W", "component-model-async=y", component],
        "native": lambda port: [BUILD / "bench/native_hello", address(port)],
    }[host]


def hosts(*names):
    return [name for name in names if name != "wasmtime" or has("wasmtime")]


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def milliseconds(text):
    value, unit = re.fullmatch(r"([0-9.]+)(us|ms|s|m)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def wrk(url, connections, seconds=None, script=None, headers=()):
    """Requests/s, p50 and p99 in ms, of one thread that keeps its connections alive."""
    command = ["wrk", "-t1", f"-c{connections}", "-d{:g}s".format(seconds or SECONDS), "--latency"]
    for header in headers:
        command += ["-H", header]
    if script:
        file = WORK / "script.lua"
        file.write_text(script)
        command += ["-s", file]
    text = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    for trouble in re.findall(r".*(?:Non-2xx|Socket errors).*", text):
        note(f"{url}: {trouble.strip()}")
    quantile = lambda percent: milliseconds(re.search(rf"^\s+{percent}%\s+(\S+)", text, re.M).group(1))
    return {
        "requests/s": float(re.search(r"Requests/sec:\s+(\S+)", text).group(1)),
        "p50 ms": quantile(50),
        "p99 ms": quantile(99),
    }


class Table:
    """Samples by row and column; printed as their medians."""

    def __init__(self, title, explanation):
        self.title, self.explanation = title, explanation
        self.rows, self.columns = {}, []

    def add(self, row, **samples):
        for column, value in samples.items():
            if column not in self.columns:
                self.columns.append(column)
            self.rows.setdefault(row, {}).setdefault(column, []).append(value)

    def median(self, row, column):
        samples = self.rows.get(row, {}).get(column)
        return statistics.median(samples) if samples else None

    def markdown(self, names):
        """`names` are the columns that a row's tuple fills."""
        base = {}
        lines = [f"## {self.title}", "", self.explanation, ""]
        with_ratio = "requests/s" in self.columns
        header = [*names, *(["ratio"] if with_ratio else []), *self.columns]
        lines += ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
        for row, samples in self.rows.items():
            cells = list(row)
            if with_ratio:
                base.setdefault(row[:-1], self.median(row, "requests/s"))
                rate = self.median(row, "requests/s")
                cells.append(f"{base[row[:-1]] / rate:.2f}" if rate else "")
            for column in self.columns:
                cells.append(shown(samples.get(column), column))
            lines.append("| " + " | ".join(cells) + " |")
        return "\n".join(lines) + "\n"


def shown(samples, column):
    if not samples:
        return ""
    digits = 0 if statistics.median(samples) >= 1000 else 2
    text = f"{statistics.median(samples):,.{digits}f}"
    if column in ("requests/s", "ms") and len(samples) > 1:
        text += f" ({min(samples):,.{digits}f}-{max(samples):,.{digits}f})"
    return text
