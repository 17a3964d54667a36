"""Does the comparison with Jaeger see what is missing, what is too much, and what is other?"""

import unittest
from dataclasses import replace

from jaeger import compare
from receiver import Span

SPAN = Span("a" * 32, "b" * 16, "", "GET", "client", 1, 2, "unset", "", {}, [], ("shop", "1"), {})
KEY = (SPAN.trace, SPAN.id)


class Jaeger(unittest.TestCase):
    def test_that_the_same_spans_are_no_difference(self):
        self.assertEqual(list(compare({KEY: SPAN}, {KEY: replace(SPAN)})), [])

    def test_that_a_span_only_one_of_them_has_is_told(self):
        self.assertIn("Jaeger has not", *compare({KEY: SPAN}, {}))
        self.assertIn("only Jaeger has", *compare({}, {KEY: SPAN}))

    def test_that_each_field_is_compared(self):
        others = {
            "parent": "c" * 16,
            "kind": "server",
            "name": "POST",
            "flags": 1,
            "state": "ot=th:8",
            "scope": ("shop", "2"),
            "status": "error",
            "attributes": {"a": 1},
            "resource": {"service.name": "shop"},
        }
        for field, value in others.items():
            with self.subTest(field):
                told = list(compare({KEY: SPAN}, {KEY: replace(SPAN, **{field: value})}))
                self.assertEqual(len(told), 1)
                self.assertIn(f"Jaeger has {field} {value!r}", told[0])


if __name__ == "__main__":
    unittest.main()
