"""Are differences between two spans found, and does the page for readers have the same table?"""

import unittest
from dataclasses import replace
from pathlib import Path

import beside
from test_jaeger import SPAN

PAGE = Path(__file__).parents[1] / "docs" / "compatibility.md"


class Beside(unittest.TestCase):
    def test_that_a_difference_is_found_in_name_status_and_attributes(self):
        other = replace(SPAN, name="HTTP GET", status="error", attributes={"error.type": "500"})
        self.assertEqual(
            list(beside.differences(SPAN, other)),
            [("error.type", "", "500"), ("name", "GET", "HTTP GET"), ("status", "unset", "error")],
        )

    def test_that_two_ports_are_no_difference_and_one_is(self):
        here, there = (replace(SPAN, attributes={"server.port": port}) for port in (1, 2))
        self.assertEqual(list(beside.differences(here, there)), [])
        self.assertEqual(list(beside.differences(here, SPAN)), [("server.port", "1", "")])

    def test_that_a_new_difference_is_not_known(self):
        known = ("HTTP client", "name", "GET", "HTTP GET")
        self.assertEqual(len(beside.known("ok", *known)), 1)
        for new in (
            ("HTTP server", "name", "GET", "HTTP GET"),
            ("HTTP client", "name", "HTTP GET", "GET"),
            ("HTTP client", "status", "unset", "error"),
            ("HTTP client", "network.protocol.version", "", "1.1"),
        ):
            self.assertEqual(beside.known("ok", *new), [], new)

    def test_that_the_page_has_the_table(self):
        self.assertIn("\n".join(beside.table()), PAGE.read_text())


if __name__ == "__main__":
    unittest.main()
