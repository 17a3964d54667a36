"""What does a trace state say of how its trace is sampled, and who samples behind us?"""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import collectors
from receiver import Receiver

# How many values the threshold and the randomness of a trace can have.
VALUES = 1 << 56


@dataclass(frozen=True)
class Odds:
    """What a trace is kept by: the `th` and `rv` of its trace state, or else the low 56 bits of its id."""

    threshold: int | None
    randomness: int
    # All but the threshold that is in the trace state.
    others: frozenset

    @classmethod
    def of(cls, trace, state):
        members = dict(member.split("=", 1) for member in state.split(",") if member)
        entries = dict(entry.split(":", 1) for entry in members.pop("ot", "").split(";") if entry)
        threshold = entries.pop("th", None)
        return cls(
            threshold=None if threshold is None else int(threshold.ljust(14, "0"), 16),
            randomness=int(entries.get("rv", trace[-14:]), 16),
            others=frozenset([*members.items(), *(("ot", entry) for entry in entries.items())]),
        )

    @property
    def count(self):
        """For how many traces it stands; for none that are known, without a threshold."""
        return 0 if self.threshold is None else VALUES / (VALUES - self.threshold)

    @property
    def are_inconsistent(self):
        """Whether it would not be there, had its threshold been heeded."""
        return self.threshold is None or self.randomness < self.threshold


@dataclass(frozen=True)
class Behind:
    """What a Collector does with the spans that it gets: it samples them in one of its modes, or passes them on."""

    mode: str | None = None
    percentage: int = 100

    def __str__(self):
        return f"{self.mode} at {self.percentage} %" if self.mode else "as they come"

    def share(self, ours):
        """The share of all traces that is left, where we leave `ours`."""
        if self.mode == "equalizing":
            return min(ours, self.percentage / 100)
        return ours * self.percentage / 100

    @property
    def processors(self):
        if not self.mode:
            return {}
        sampler = {"mode": self.mode, "sampling_percentage": self.percentage}
        return {f"probabilistic_sampler/{self.mode}_{self.percentage}": sampler}


@contextmanager
def collector(built, ways):
    """A Collector that sends what it gets in all of the ways: where it listens, and the receiver of each."""
    with ExitStack() as stack:
        receivers = {way: stack.enter_context(Receiver()) for way in ways}
        pipelines = {
            f"traces/{number}": (way.processors, receiver.endpoints["grpc"])
            for number, (way, receiver) in enumerate(receivers.items())
        }
        collector = collectors.without_queues(built, "collector-of-samples", pipelines)
        yield stack.enter_context(collector), receivers
