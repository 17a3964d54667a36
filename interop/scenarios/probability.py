"""A Collector that samples what we have sampled: do the counts still add up to what there was?"""

import random
from math import sqrt

import sampling
from calls import Program
from checks import equal
from sampling import VALUES, Behind, Odds

CALLS = 5000
OURS = 0.25
CALLERS = 0.5
# Each mode at a lower ratio than ours, and at a higher one.
WAYS = [Behind(), *(Behind(mode, at) for mode in ("equalizing", "proportional") for at in (10, 60))]
# The traces that begin here have random ids. One run in eighty is further off than three deviations.
DRAWS = 3


def run(stage):
    with sampling.collector(stage.built, WAYS) as (send_to, receivers):
        for draw in range(1, DRAWS + 1):
            it = Run(stage, send_to, receivers, f"roots-{draw}", "parentbased_traceidratio")
            it.makes([""] * CALLS)
            if it.adds_up(OURS) or draw == DRAWS:
                break
        it.scenario(f"{CALLS} traces begin in ours, which keeps {OURS:.0%}")
        it.judge(OURS, [""] * CALLS)
        it.report.check(
            "each says that its id is random",
            (str(call) for call in it.calls if not call.says_random),
        )

        drawn = random.Random(1)
        callers = [caller(drawn) for _ in range(CALLS)]
        it = Run(stage, send_to, receivers, "called", "traceidratio")
        it.makes(callers)
        it.scenario(f"{CALLS} callers say how random they are, and ours keeps {OURS:.0%}")
        it.judge(OURS, callers)

        callers = [caller(drawn, CALLERS) for _ in range(CALLS)]
        it = Run(stage, send_to, receivers, "following", "parentbased_traceidratio")
        it.makes(callers)
        it.scenario(f"{CALLS} callers keep {CALLERS:.0%}, and ours follows them")
        it.judge(CALLERS, callers)


def caller(drawn, keeps=None):
    """The headers of a caller with a randomness that is not that of the trace's id."""
    randomness = drawn.getrandbits(56)
    threshold = 0 if keeps is None else round((1 - keeps) * VALUES)
    sampled = randomness >= threshold
    # What is not sampled has no threshold.
    said = f"th:{threshold:014x};" if keeps is not None and sampled else ""
    trace, span = drawn.getrandbits(128), drawn.getrandbits(63) + 1
    return (
        f"00-{trace:032x}-{span:016x}-{2 + sampled:02x}"
        f" vendor=opaque,ot={said}rv:{randomness:014x};xy:kept,other=t0.1"
    )


class Run:
    """A run of a program of ours, whose spans go through the Collector in every way."""

    def __init__(self, stage, send_to, receivers, service, sampler):
        self.report, self.receivers = stage.report, receivers
        self.program = Program(
            stage.built,
            service,
            send_to,
            OTEL_TRACES_SAMPLER=sampler,
            OTEL_TRACES_SAMPLER_ARG=str(OURS),
            OTEL_TRACED_RATIO="probability",
        )
        self.service = service

    def makes(self, callers):
        """Makes a call of `checkout`, which calls `pay`, for each of the callers."""
        with self.program as program:
            self.calls = program.calls("checkout", callers)

    def arrived(self, way):
        """The root of each trace that has arrived, and how many spans there are."""
        spans = [span for span in self.receivers[way].spans if span.service == self.service]
        return [span for span in spans if span.name == "checkout"], spans

    def counts(self, ours):
        """For each way, what the adjusted counts add up to, and the deviation of that."""
        for way in WAYS:
            share = way.share(ours)
            count = sum(Odds.of(span.trace, span.state).count for span in self.arrived(way)[0])
            yield way, count, sqrt(CALLS * (1 - share) / share)

    def adds_up(self, ours):
        return all(abs(count - CALLS) < 3 * deviation for _, count, deviation in self.counts(ours))

    def scenario(self, what):
        self.report.scenario(f"{what}: behind it a Collector samples once more")

    def judge(self, ours, callers):
        check = self.report.check
        check("it warned of nothing", equal(self.program.said, ""))
        check("each call has a trace", equal(len({call.trace for call in self.calls}), CALLS))
        check(
            "what it sends to others says the same as what arrives",
            equal(
                {span.trace: span.state for span in self.arrived(WAYS[0])[0]},
                {call.trace: call.state for call in self.calls if call.sampled},
            ),
        )
        check("what is not sampled has no threshold", map(str, filter(lies, self.calls)))
        check("exactly those traces are left that are random enough", self.chosen(ours))
        check("each with both of its spans, which say the same", self.torn())
        check("no threshold is inconsistent with the randomness", self.inconsistent())
        check("all else in the trace states is what the callers said", self.changed(callers))
        check(
            f"the adjusted counts add up to {CALLS}, within three deviations",
            (
                f"{way}: {count:.0f}"
                for way, count, deviation in self.counts(ours)
                if abs(count - CALLS) >= 3 * deviation
            ),
        )
        self.report.show(
            f"{way}: {len(self.arrived(way)[0])} traces stand for {count:.0f}, ± {deviation:.0f}"
            for way, count, deviation in self.counts(ours)
        )

    def chosen(self, ours):
        for way in WAYS:
            roots, _ = self.arrived(way)
            thresholds = {Odds.of(span.trace, span.state).threshold for span in roots}
            if len(thresholds) != 1 or None in thresholds:
                yield f"{way}: thresholds {thresholds}"
                continue
            [threshold] = thresholds
            share = (VALUES - threshold) / VALUES
            if abs(share / way.share(ours) - 1) > 1e-3:
                yield f"{way}: {share} instead of {way.share(ours)}"
            expected = {call.trace for call in self.calls if call.odds.randomness >= threshold}
            came = {span.trace for span in roots}
            yield from (f"{way}: {trace} is not there" for trace in expected - came)
            yield from (f"{way}: {trace} is there" for trace in came - expected)

    def torn(self):
        for way in WAYS:
            roots, spans = self.arrived(way)
            inner = {span.parent: span.state for span in spans if span.name == "pay"}
            yield from equal(inner, {span.id: span.state for span in roots})

    def inconsistent(self):
        for way in WAYS:
            for span in self.arrived(way)[1]:
                if Odds.of(span.trace, span.state).are_inconsistent:
                    yield f"{way}: {span} {span.state!r}"

    def changed(self, callers):
        said = {}
        for caller in filter(None, callers):
            parent, state = caller.split(" ")
            trace = parent.split("-")[1]
            said[trace] = Odds.of(trace, state).others
        for way in WAYS:
            for span in self.arrived(way)[1]:
                others = Odds.of(span.trace, span.state).others
                if others != said.get(span.trace, frozenset()):
                    yield f"{way}: {span} {span.state!r}"


def lies(call):
    return not call.sampled and call.odds.threshold is not None
