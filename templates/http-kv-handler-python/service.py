"""The service, on any store. Knows nothing of WebAssembly, so tests give it a store of their own."""

import json
from typing import Protocol
from urllib.parse import parse_qs

BUCKET = "in_memory"
"""The name of the bucket that holds the values."""


class StoreError(Exception):
    pass


class Store(Protocol):
    """Both methods raise StoreError."""

    def get(self, key: str) -> bytes | None: ...

    def set(self, key: str, value: bytes) -> None: ...


def route(store: Store, method: str, query: str, body: bytes) -> tuple[int, str]:
    """The status and the text."""
    match method:
        case "GET":
            return read(store, query)
        case "POST":
            return write(store, body)
    return 405, "Method not allowed; use GET or POST\n"


def read(store: Store, query: str) -> tuple[int, str]:
    keys = parse_qs(query, keep_blank_values=True).get("key")
    if keys is None:
        return 400, "Missing parameter 'key'\n"
    key = keys[0]
    try:
        value = store.get(key)
    except StoreError as error:
        return 500, f"cannot read '{key}': {error}\n"
    if value is None:
        return 404, f"[{BUCKET}] Key '{key}' not found\n"
    return 200, f"[{BUCKET}] {value.decode(errors='replace')}\n"


def write(store: Store, body: bytes) -> tuple[int, str]:
    expected = 'expected {"key": "...", "value": "..."}'
    try:
        entry = json.loads(body)
        key, value = entry["key"], entry["value"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        return 400, f"{expected}: {error!r}\n"
    if not isinstance(key, str) or not isinstance(value, str):
        return 400, f"{expected}: both are texts\n"
    try:
        store.set(key, value.encode(errors="replace"))
    except StoreError as error:
        return 500, f"cannot store '{key}': {error}\n"
    return 200, f"[{BUCKET}] Stored key '{key}'\n"
