"""An HTTP service that keeps values: the host's side of service.py."""

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports import store
from wit_world.imports.streams import StreamError_Closed
from wit_world.imports.types import (
    Fields,
    IncomingBody,
    IncomingRequest,
    Method_Get,
    Method_Post,
    OutgoingBody,
    OutgoingResponse,
    ResponseOutparam,
)

import service


class Bucket:
    """A bucket of the host."""

    def __init__(self, name: str):
        self.bucket = attempt(lambda: store.open(name))

    def get(self, key: str) -> bytes | None:
        return attempt(lambda: self.bucket.get(key))

    def set(self, key: str, value: bytes) -> None:
        attempt(lambda: self.bucket.set(key, value))


def attempt(call):
    try:
        return call()
    except Err as error:
        match error.value:
            case store.Error_NoSuchStore():
                raise service.StoreError("there is no such bucket") from None
            case store.Error_AccessDenied():
                raise service.StoreError("access is denied") from None
            case other:
                raise service.StoreError(other.value) from None


class IncomingHandler(exports.IncomingHandler):
    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        match request.method():
            case Method_Get():
                method = "GET"
            case Method_Post():
                method = "POST"
            case _:
                method = ""
        _, _, query = (request.path_with_query() or "").partition("?")
        body = read_all(request)
        try:
            answer = service.route(Bucket(service.BUCKET), method, query, body)
        except service.StoreError as error:
            answer = 500, f"cannot open the bucket '{service.BUCKET}': {error}\n"
        send(response_out, *answer)


def read_all(request: IncomingRequest) -> bytes:
    body = request.consume()
    data = bytearray()
    with body.stream() as stream:
        try:
            while True:
                data += stream.blocking_read(64 * 1024)
        except Err as error:
            if not isinstance(error.value, StreamError_Closed):
                raise
    IncomingBody.finish(body)
    return bytes(data)


def send(response_out: ResponseOutparam, status: int, text: str) -> None:
    headers = Fields.from_list([("content-type", b"text/plain; charset=utf-8")])
    if status == 405:
        headers.append("allow", b"GET, POST")
    response = OutgoingResponse(headers)
    response.set_status_code(status)
    body = response.body()
    ResponseOutparam.set(response_out, Ok(response))
    with body.write() as stream:
        data = text.encode()
        # One call takes at most 4096 bytes.
        for start in range(0, len(data), 4096):
            stream.blocking_write_and_flush(data[start : start + 4096])
    OutgoingBody.finish(body, None)
