import unittest

import service


class Memory:
    """A store in memory, which fails for the key "broken"."""

    def __init__(self):
        self.values = {}

    def get(self, key):
        if key == "broken":
            raise service.StoreError("no such disk")
        return self.values.get(key)

    def set(self, key, value):
        self.values[key] = value


class Service(unittest.TestCase):
    def setUp(self):
        self.store = Memory()

    def ask(self, method, query="", body=b""):
        return service.route(self.store, method, query, body)

    def test_reads_what_was_stored(self):
        stored = self.ask("POST", body=b'{"key": "a b", "value": "1"}')
        self.assertEqual(stored, (200, "[in_memory] Stored key 'a b'\n"))
        self.assertEqual(self.ask("GET", "key=a+b"), (200, "[in_memory] 1\n"))
        self.assertEqual(self.ask("GET", "key=c"), (404, "[in_memory] Key 'c' not found\n"))

    def test_says_what_is_wrong(self):
        self.assertEqual(self.ask("GET"), (400, "Missing parameter 'key'\n"))
        self.assertEqual(self.ask("PUT")[0], 405)
        for body in (b"no JSON", b"[]", b"{}", b'{"key": 1, "value": "1"}', b"\xff"):
            self.assertEqual(self.ask("POST", body=body)[0], 400, body)

    def test_says_that_the_store_failed(self):
        self.assertEqual(self.ask("GET", "key=broken"), (500, "cannot read 'broken': no such disk\n"))


if __name__ == "__main__":
    unittest.main()
