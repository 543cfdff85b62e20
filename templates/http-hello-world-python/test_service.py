import unittest

import service


class Service(unittest.TestCase):
    def test_greets_at_the_root(self):
        self.assertEqual(service.answer("/"), (200, "Hello from wasmCloud!\n"))

    def test_knows_nothing_else(self):
        self.assertEqual(service.answer("/else"), (404, "Not found\n"))


if __name__ == "__main__":
    unittest.main()
