"""What a request is answered with. Knows nothing of WebAssembly, so tests import it as it is."""


def answer(path: str) -> tuple[int, str]:
    """The status and the text."""
    if path == "/":
        return 200, "Hello from wasmCloud!\n"
    return 404, "Not found\n"
