"""Is each group of scenarios there, and is all that it asks for?"""

import importlib
import unittest
from dataclasses import fields

from groups import GROUPS, chosen
from peers import Built
from progress import Progress


class Groups(unittest.TestCase):
    def test_that_each_runs_a_function_and_asks_for_peers_that_there_are(self):
        there = {each.name for each in fields(Built)}
        for name, group in GROUPS.items():
            with self.subTest(name):
                module, _, function = group.runs.partition(".")
                self.assertTrue(callable(getattr(importlib.import_module(f"scenarios.{module}"), function)))
                self.assertLessEqual(group.peers, there)

    def test_that_one_asked_for_by_a_wrong_name_is_told_with_the_right_ones(self):
        with self.assertRaisesRegex(SystemExit, "no group metric; there are .*metrics"):
            chosen(["metric"])

    def test_that_who_waits_hears_of_those_that_have_not_ended(self):
        progress = Progress(["NATS", "Caddy"])
        self.assertRegex(progress.line(), r"2 to go: NATS, Caddy$")
        progress.done("NATS", [])
        self.assertRegex(progress.line(), r"1 to go: Caddy$")
