"""How is a program of ours told to make traces for tails to choose from?"""

import subprocess
from collections import Counter, defaultdict

from processes import ending, environment

# It makes more at once than the default takes in.
ALL = {"OTEL_BSP_MAX_QUEUE_SIZE": "1000000", "OTEL_TRACED_MAX_QUEUE_BYTES": "1000000000"}


class Traffic:
    """`tests/examples/traffic.rs`, which makes the same traces in each run."""

    def __init__(self, built, name, traces, send_to, a_second=None, **variables):
        self.command = [built.programs / "traffic", str(traces), *([str(a_second)] if a_second else [])]
        self.log = built.work / f"traffic-{name}.log"
        self.variables = {
            "OTEL_SERVICE_NAME": "traffic",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
            "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
            **ALL,
            **variables,
        }

    def __enter__(self):
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                self.command,
                env=environment(**self.variables),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        return self

    def __exit__(self, *_):
        with ending(self.process):
            self.process.stdin.close()
            if self.process.wait(60) != 0:
                raise RuntimeError(f"{self.process.args[0]} failed:\n{self.said}")

    @property
    def said(self):
        return self.log.read_text()

    def made(self):
        """How many spans its traces have, once they are over."""
        return self._hears("made")

    def late(self):
        """Has it make the spans that are late, and gives how many."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._hears("late")

    def _hears(self, what):
        said, _, number = self.process.stdout.readline().partition(" ")
        if said != what:
            raise RuntimeError(f"it said {said!r} instead of {what!r}:\n{self.said}")
        return int(number)


def is_late(span):
    return span.attributes.get("late", False)


def number(span):
    return span.attributes["trace.number"]


def by_number(spans):
    """The spans of each trace, by the number that it has in every run."""
    traces = defaultdict(list)
    for span in spans:
        traces[number(span)].append(span)
    return traces


def is_root(span):
    """Whether a trace begins with it, as far as this process goes."""
    return "spans" in span.attributes


def shape(trace):
    """What is the same of a trace in each run: of its spans all but ids and times."""
    return Counter(
        (span.name, span.kind, span.status, span.scope, bool(span.parent), attributes(span))
        for span in trace
    )


def attributes(span):
    return frozenset((key, repr(value)) for key, value in span.attributes.items())
