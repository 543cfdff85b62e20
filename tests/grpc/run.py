#!/usr/bin/python3
"""gRPC through a component, both ways: a real client calls the component, and the component calls a real server.

run.py WASH GUEST: ends with 0 if all is well, with 77 where grpcio is not installed.
"""
import os
import re
import subprocess
import sys
import tempfile
import threading
from concurrent import futures

try:
    import grpc
except ImportError:
    print("python3-grpcio is not installed")
    sys.exit(77)

LIMIT = 30  # seconds for any call


class Upstream(grpc.GenericRpcHandler):
    """Calls of every kind, on bytes."""

    def service(self, details):
        if details.method == "/up.Up/Unary":
            return grpc.unary_unary_rpc_method_handler(self.unary)
        if details.method == "/up.Up/Stream":
            return grpc.stream_stream_rpc_method_handler(self.stream)
        if details.method == "/up.Up/Fail":
            return grpc.unary_unary_rpc_method_handler(self.fail)
        return None

    def unary(self, message, context):
        context.send_initial_metadata((("x-begin", "1"),))
        context.set_trailing_metadata((("x-end", dict(context.invocation_metadata()).get("x-asked", "")),))
        return b"up:" + message

    def stream(self, messages, context):
        for message in messages:
            yield message[::-1]

    def fail(self, message, context):
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not today")


def serve_upstream():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    server.add_generic_rpc_handlers((Upstream(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


class Wash:
    """`wash dev` on a free port, as long as the block lasts."""

    def __init__(self, program, guest, *flags):
        self.command = [program, "dev", "--address", "127.0.0.1:0", *flags, guest]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for line in self.process.stderr:
            found = re.match(r"serving http://(\S+?)/?$", line.strip())
            if found:
                # What it says from now on must go somewhere.
                threading.Thread(target=self.process.stderr.read, daemon=True).start()
                return found.group(1)
        raise SystemExit("wash does not serve")

    def __exit__(self, *_):
        self.process.terminate()
        status = self.process.wait(LIMIT)
        assert status in (0, 130, 143), f"wash ended with {status}"


def check_echo(channel):
    unary = channel.unary_unary("/echo.Echo/Say")
    answer, call = unary.with_call(b"hello", timeout=LIMIT)
    assert answer == b"hello", answer
    assert call.code() == grpc.StatusCode.OK and call.details() == "echoed", call.details()
    large = os.urandom(3 << 20)
    assert unary(large, timeout=LIMIT) == large
    assert unary(b"", timeout=LIMIT) == b""

    # Each message comes back before the next one is sent.
    turn = threading.Semaphore(1)

    def messages():
        for i in range(20):
            assert turn.acquire(timeout=LIMIT)
            yield b"message %d" % i

    got = []
    for message in channel.stream_stream("/echo.Echo/Talk")(messages(), timeout=LIMIT):
        got.append(message)
        turn.release()
    assert got == [b"message %d" % i for i in range(20)], got

    # Many calls at once on the one connection.
    calls = [unary.future(b"%d" % i, timeout=LIMIT) for i in range(200)]
    assert [call.result() for call in calls] == [b"%d" % i for i in range(200)]


def check_passed_on(channel):
    unary = channel.unary_unary("/up.Up/Unary")
    answer, call = unary.with_call(b"hello", timeout=LIMIT, metadata=(("x-asked", "for"),))
    assert answer == b"up:hello", answer
    assert ("x-begin", "1") in [(each.key, each.value) for each in call.initial_metadata()]
    assert ("x-end", "for") in [(each.key, each.value) for each in call.trailing_metadata()]
    large = os.urandom(2 << 20)
    assert unary(large, timeout=LIMIT) == b"up:" + large
    stream = channel.stream_stream("/up.Up/Stream")
    sent = [b"abc", b"", os.urandom(100_000)]
    assert list(stream(iter(sent), timeout=LIMIT)) == [message[::-1] for message in sent]
    calls = [unary.future(b"%d" % i, timeout=LIMIT) for i in range(100)]
    assert [call.result() for call in calls] == [b"up:%d" % i for i in range(100)]
    for method, code, words in (
        ("/up.Up/Fail", grpc.StatusCode.FAILED_PRECONDITION, "not today"),
        ("/up.Up/Nothing", grpc.StatusCode.UNIMPLEMENTED, "Method not found!"),
    ):
        try:
            channel.unary_unary(method)(b"", timeout=LIMIT)
            raise AssertionError(f"{method} should fail")
        except grpc.RpcError as error:
            assert error.code() == code and error.details() == words, (error.code(), error.details())


def check_unavailable(channel):
    try:
        channel.unary_unary("/up.Up/Unary")(b"", timeout=LIMIT)
        raise AssertionError("a denied upstream should be unavailable")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.UNAVAILABLE, error.code()
        assert "HttpRequestDenied" in error.details(), error.details()


def main():
    program, guest = sys.argv[1:]
    upstream, port = serve_upstream()
    try:
        variable = ("--env", f"UPSTREAM=http://127.0.0.1:{port}")
        with Wash(program, guest, *variable, "--allow-host", f"127.0.0.1:{port}") as address:
            with grpc.insecure_channel(address) as channel:
                check_echo(channel)
                check_passed_on(channel)
        with Wash(program, guest, *variable) as address, grpc.insecure_channel(address) as channel:
            check_unavailable(channel)
    finally:
        upstream.stop(None)
    print("gRPC works both ways")


main()
