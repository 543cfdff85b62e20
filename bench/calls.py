"""Calls across a component's borders, in instructions and in time."""

import re
import subprocess

from harness import *

KINDS = {
    "export": "host to guest, nothing passed",
    "import": "guest to host, two numbers",
    "guest": "component to component, two numbers",
    "text": "component to component, a string of 1 KiB",
    "async-export": "host to guest, an async function",
    "async": "component to component, an async function with two numbers",
    "stream": "component to component, 1 KiB through a stream",
}


def instructions():
    """By callgrind, from the difference of two runs."""
    lines = ["## Calls", "", "By callgrind, the engine's compiled code included.", "", "| call | instructions |", "|---|---|"]
    if not has("valgrind"):
        return "valgrind is not installed: calls were not counted.\n"
    # Valgrind 3.19 gives up on clang 19's debugging information.
    program = WORK / "component_calls"
    subprocess.run(["strip", "-o", program, BUILD / "bench/component/component_calls"], check=True)
    for kind, meaning in KINDS.items():
        few, many = (counted(program, kind, count) for count in (1000, 101000))
        lines.append(f"| {meaning} | {(many - few) // 100000} |")
    return "\n".join(lines) + "\n"


def counted(program, kind, count):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, kind, str(count)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", text).group(1))


def microbenchmarks():
    parts = []
    for program in sorted(BUILD.glob("bench/*/*_bench")):
        options = ["--benchmark_min_time=0.2", "--benchmark_repetitions=3", "--benchmark_report_aggregates_only=true"]
        text = subprocess.run([program, *options], capture_output=True, text=True, check=True).stdout
        kept = [line for line in text.splitlines() if "_median" in line or line.startswith("Benchmark")]
        parts.append("\n".join([f"## {program.name}", "", "```", *kept, "```", ""]))
    return "\n".join(parts)
