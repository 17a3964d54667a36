"""How is a program of ours told to make calls, and what does it say of them?"""

import subprocess
from dataclasses import dataclass
from itertools import count

from processes import ending, environment
from sampling import Odds

# As many as a pipe takes in at once, both ways.
AT_ONCE = 100
NUMBERS = count(1)


@dataclass(frozen=True)
class Call:
    """What a function of ours would send to others while it runs."""

    trace: str
    span: str
    flags: int
    state: str

    @classmethod
    def read(cls, line):
        parent, _, state = line.rstrip("\n").partition(" ")
        _, trace, span, flags = parent.split("-")
        return cls(trace, span, int(flags, 16), state)

    @property
    def sampled(self):
        return bool(self.flags & 1)

    @property
    def says_random(self):
        return bool(self.flags & 2)

    @property
    def odds(self):
        return Odds.of(self.trace, self.state)


class Program:
    """`tests/examples/sampled.rs`, which calls `checkout`, with `pay` in it, `browse` and `refuse`."""

    def __init__(self, built, service, send_to, **variables):
        self.command = [built.programs / "sampled"]
        self.log = built.work / f"calls-{next(NUMBERS)}-{service}.log"
        self.variables = {
            "OTEL_SERVICE_NAME": service,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
            "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
            # None is lost, however fast they are made.
            "OTEL_BSP_MAX_QUEUE_SIZE": "100000",
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
        """All that it was to send has been taken in then."""
        with ending(self.process):
            self.process.stdin.close()
            if self.process.wait(20) != 0:
                raise RuntimeError(f"{self.process.args[0]} failed:\n{self.said}")

    @property
    def said(self):
        return self.log.read_text()

    def calls(self, function, callers):
        """Calls it for each of the callers, who are headers, with a space between them, or nothing."""
        made = []
        for begin in range(0, len(callers), AT_ONCE):
            some = callers[begin : begin + AT_ONCE]
            self.process.stdin.writelines(f"{function} {caller}".rstrip() + "\n" for caller in some)
            self.process.stdin.flush()
            made += [Call.read(self.process.stdout.readline()) for _ in some]
        return made

    def sampled(self, function, number):
        """How many of so many calls without a caller are sampled."""
        return sum(call.sampled for call in self.calls(function, [""] * number))
