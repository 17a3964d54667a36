"""Does a tail in the process keep the same traces as the Collectors that are set up for the same policy?"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from math import sqrt

import tiers
from policies import POLICIES, fails, some
from receiver import Receiver
from traffic import Traffic, by_number, is_late, is_root, shape

TRACES = 10_000
# What a Collector does not answer in time for, it gets again, and it takes in twenty times as much as this.
A_SECOND = 2_000
# As many runs at once as there are processors at least.
AT_ONCE = 2
# For how many seconds the Collectors wait for the spans of a trace: also where twenty programs want the same processor.
DECISION_WAIT = 8
# One run in four hundred is further off than three deviations.
DRAWS = 3
# By chance, and by how much there has been: as many traces, not the same ones.
SHARE = 0.1
BY_SHARE = f"error, ratio={SHARE}"
SPANS_A_SECOND = 100
BY_RATE = f"rate={SPANS_A_SECOND} refuse_larger"


@dataclass(frozen=True)
class Kept:
    """What is kept of a run of traffic by one of the policies, and for how long there was something to keep."""

    # By their numbers.
    traces: dict
    seconds: float
    # How many buckets there are for a rate.
    buckets: int = 1


def run(stage):
    report, built = stage.report, stage.built
    texts = {name: policy.text for name, policy in POLICIES.items()}
    texts |= {"share": BY_SHARE, "rate": BY_RATE}
    written = dict(zip(texts, tiers.written(built, texts.values(), DECISION_WAIT)))
    with ThreadPoolExecutor(1 + AT_ONCE) as threads:
        theirs = threads.submit(kept_by_collectors, built, written)
        ours = {name: threads.submit(kept_by_us, built, name, text) for name, text in texts.items()}
        everything, theirs = theirs.result()
        ours = {name: kept.result() for name, kept in ours.items()}

    traces = by_number(everything)
    report.scenario(f"{TRACES} traces, to choose from")
    report.check("they are there, whole", whole(traces))
    report.check(
        "what is written for the Collectors is exactly what each policy says",
        (f"{name}: {more}" for name in POLICIES for more in written[name].widened),
    )
    expected = {
        name: {number: trace for number, trace in traces.items() if policy.keeps(in_time(trace))}
        for name, policy in POLICIES.items()
    }
    again = {
        "a tail in the process": (ours, lambda: kept_by_us(built, "share", BY_SHARE)),
        "two tiers of a Collector": (
            theirs,
            lambda: kept_by_collectors(built, {"share": written["share"]})[1]["share"],
        ),
    }
    for who, (kept, draw) in again.items():
        report.scenario(f"Which of them does {who} keep?")
        for name, policy in POLICIES.items():
            report.check(
                f"{policy.text}: these {len(expected[name])}, whole",
                same(kept[name].traces, expected[name]),
            )
        for _ in range(DRAWS - 1):
            if any(about(kept["share"], traces)):
                kept["share"] = draw()
        for name, text, wrong in ("share", BY_SHARE, about), ("rate", BY_RATE, limited):
            report.check(
                f"{text}: {len(kept[name].traces)}, whole, which is as many as that",
                wrong(kept[name], traces),
            )


def kept_by_us(built, name, text):
    began = time.monotonic()
    with Receiver() as receiver:
        send_to = receiver.endpoints["grpc"]
        with Traffic(built, name, TRACES, send_to, OTEL_TRACED_TAIL=text) as traffic:
            traffic.made()
            seconds = time.monotonic() - began
            traffic.late()
    # All that a program keeps has come when it has ended.
    return Kept(by_number(receiver.spans), seconds)


def kept_by_collectors(built, written):
    """All spans that there were, and what is kept by each of the policies."""
    with ExitStack() as stack:
        enter = stack.enter_context
        everything = enter(Receiver())
        receivers = {name: enter(Receiver()) for name in written}
        policies = {
            name: tiers.Policy(it, receivers[name].endpoints["grpc"])
            for name, it in written.items()
        }
        entry = enter(tiers.two_tiers(built, policies, everything.endpoints["grpc"]))
        began = time.monotonic()
        with Traffic(built, "collectors", TRACES, entry, A_SECOND) as traffic:
            made = traffic.made()
            everything.wait(lambda spans: len(spans) >= made)
            # Nobody can see that a trace was dropped, but for the time that has passed.
            time.sleep(DECISION_WAIT + 2)
            seconds = time.monotonic() - began
            made += traffic.late()
        everything.wait(lambda spans: len(spans) >= made)
    # A Collector sends what it has before it ends.
    kept = {
        name: Kept(by_number(receiver.spans), seconds, tiers.INSTANCES)
        for name, receiver in receivers.items()
    }
    return everything.spans, kept


def in_time(trace):
    return [span for span in trace if not is_late(span)]


def whole(traces):
    for number in range(TRACES):
        if number not in traces:
            yield f"trace {number} is not there"
            continue
        [root] = filter(is_root, traces[number])
        if root.attributes["spans"] != len(in_time(traces[number])):
            yield f"trace {number} has {len(traces[number])} spans"


def same(came, expected):
    yield from (f"trace {number} is not there" for number in expected.keys() - came.keys())
    yield from (f"trace {number} is there" for number in came.keys() - expected.keys())
    yield from torn(came, expected)


def torn(came, expected):
    """Of the traces that are in both, what of their spans is missing or too much."""
    for number in came.keys() & expected.keys():
        there, wanted = shape(came[number]), shape(expected[number])
        yield from (f"trace {number}: {span} is not there" for span in wanted - there)
        yield from (f"trace {number}: {span} is there" for span in there - wanted)


def about(kept, traces):
    """All that failed, and of the rest a share, within three standard deviations."""
    failed = {number for number, trace in traces.items() if some(fails)(in_time(trace))}
    yield from (f"trace {number} failed and is not there" for number in failed - kept.traces.keys())
    rest, chosen = len(traces) - len(failed), len(kept.traces.keys() - failed)
    if abs(chosen - rest * SHARE) > 3 * sqrt(rest * SHARE * (1 - SHARE)):
        yield f"{chosen} of {rest} that did not fail"
    yield from torn(kept.traces, traces)


def limited(kept, traces):
    """Each bucket holds what comes in two seconds; and then there is so much a second."""
    spans = sum(len(in_time(trace)) for trace in kept.traces.values())
    at_once = 2 * SPANS_A_SECOND
    if not at_once / 2 <= spans <= kept.buckets * at_once + SPANS_A_SECOND * kept.seconds:
        yield f"{spans} spans in {kept.seconds:.0f} s"
    yield from torn(kept.traces, traces)
