"""Calls that are counted before they are sampled: do the counts come through a Collector as they are?"""

from contextlib import ExitStack

import collectors
import metrics
from calls import Program
from checks import equal
from receiver import Receiver

NAME = "otel_runtime.function.duration"
# How often each function is called, in each of two rounds. `pay` is called by `checkout`.
CALLED = {"checkout": 300, "browse": 200, "refuse": 100}
EXPECTED = CALLED | {"pay": CALLED["checkout"]}
SHARE = 0.1
# Milliseconds. An export has no more time than this.
INTERVAL = "1000"


def run(stage):
    with ExitStack() as stack:
        counts = stack.enter_context(metrics.listening())
        spans = stack.enter_context(Receiver())
        pipelines = {
            "metrics": ({}, counts.endpoint),
            "traces": ({}, spans.endpoints["grpc"]),
        }
        send_to = stack.enter_context(
            collectors.without_queues(stage.built, "collector-of-metrics", pipelines)
        )
        for temporality in ("cumulative", "delta"):
            it = Counted(stage, send_to, counts, spans, temporality)
            it.makes_calls()
            it.judge()


class Counted:
    """Two programs of ours, each call of which is counted, and one in ten sampled."""

    def __init__(self, stage, send_to, metrics, spans, temporality):
        self.report, self.metrics, self.spans = stage.report, metrics, spans
        self.temporality = temporality
        self.service = f"counted-{temporality}"
        self.programs = [
            Program(
                stage.built,
                self.service,
                send_to,
                OTEL_TRACED_METRICS="true",
                OTEL_METRIC_EXPORT_INTERVAL=INTERVAL,
                OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=temporality,
                OTEL_TRACES_SAMPLER="parentbased_traceidratio",
                OTEL_TRACES_SAMPLER_ARG=str(SHARE),
            )
            for _ in range(2)
        ]

    def makes_calls(self):
        """Calls all functions, once more when that has come, and ends, upon which the rest comes."""
        with ExitStack() as stack:
            for program in self.programs:
                stack.enter_context(program)
            self.calls_all()
            self.metrics.wait(lambda _: self.complete())
            self.calls_all()

    def calls_all(self):
        for program in self.programs:
            for function, times in CALLED.items():
                program.calls(function, [""] * times)

    @property
    def points(self):
        return [
            point
            for point in self.metrics.arrived
            if point.resource.get("service.name") == self.service
        ]

    def series(self):
        """The points of each instance and function, in the order in which they came."""
        series = {}
        for point in self.points:
            series.setdefault((point.instance, point.function), []).append(point)
        return series

    def count(self, points):
        if self.temporality == "delta":
            return sum(point.count for point in points)
        return points[-1].count

    def complete(self):
        """Whether all of the first round has come."""
        series = self.series()
        return len(series) == 2 * len(EXPECTED) and all(
            self.count(points) >= EXPECTED[function]
            for (_, function), points in series.items()
        )

    def judge(self):
        report, points, series = self.report, self.points, self.series()
        spans = [span for span in self.spans.spans if span.service == self.service]
        check = report.check
        report.scenario(
            f"Calls of two programs of ours are counted, {self.temporality}, and one in ten is sampled"
        )
        check("they warned of nothing", equal([each.said for each in self.programs], [""] * 2))
        check("every request can be decoded, and has nothing else", self.metrics.faults)
        check(
            "there is one metric, in seconds",
            equal(
                {(point.name, point.unit, point.temporality) for point in points},
                {(NAME, "s", self.temporality)},
            ),
        )
        check(
            "each program is an instance, and its spans are of the same",
            equal(
                [len({instance for instance, _ in series}), {instance for instance, _ in series}],
                [2, {span.resource.get("service.instance.id") for span in spans}],
            ),
        )
        check(
            "each call of each function is counted, sampled or not",
            equal(
                sorted((function, self.count(points)) for (_, function), points in series.items()),
                sorted(2 * [(function, 2 * times) for function, times in EXPECTED.items()]),
            ),
        )
        check("fewer spans have come", [] if 0 < len(spans) < 1000 else [str(len(spans))])
        check(
            "those that failed are apart",
            (str(point) for point in points if point.failed != (point.function == "refuse")),
        )
        check("no time is counted twice, and none is left out", self.torn(series))
        check("the buckets hold what is counted", (wrong for it in points for wrong in buckets(it)))
        exemplars = [(point, each) for point in points for each in point.exemplars]
        check(
            "each function has exemplars",
            equal({point.function for point, _ in exemplars}, set(EXPECTED)),
        )
        check(
            "each is a span that was kept, of that function, which took as long",
            traced(exemplars, spans),
        )
        report.show([f"{len(points)} points, {len(exemplars)} exemplars, {len(spans)} spans"])

    def torn(self, series):
        """Cumulative points have one start. The others begin where the one before ends, or after a pause."""
        for points in series.values():
            for point, next in zip(points, points[1:]):
                delta = self.temporality == "delta"
                follows = next.start >= point.time if delta else next.start == point.start
                if not follows or next.time < next.start or next.time < point.time:
                    yield f"{next}: {next.start} to {next.time} after {point.start} to {point.time}"


# A logarithm may put a value that is a bound into the bucket beside it.
ALMOST = 1 + 1e-9


def buckets(point):
    if sum(point.buckets.values()) + point.zeros != point.count:
        yield f"{point}: {point.buckets} and {point.zeros} of {point.count}"
    bounds = {index: point.bounds(index) for index in point.buckets}
    least, most = (
        sum(bounds[index][end] * count for index, count in point.buckets.items()) for end in (0, 1)
    )
    if not least / ALMOST <= point.sum <= most * ALMOST:
        yield f"{point}: {point.sum} instead of {least} to {most}"

    def is_in(value, index):
        low, high = bounds[index]
        return low / ALMOST <= value <= high * ALMOST

    if point.temporality == "cumulative" and not (
        is_in(point.min, min(bounds)) and is_in(point.max, max(bounds))
    ):
        yield f"{point}: from {point.min} to {point.max}, in {bounds}"
    for exemplar in point.exemplars:
        if not any(is_in(exemplar.value, index) for index in bounds):
            yield f"{point}: {exemplar} is in none of {bounds}"


def traced(exemplars, spans):
    spans = {(span.trace, span.id): span for span in spans}
    for point, exemplar in exemplars:
        span = spans.get((exemplar.trace, exemplar.span))
        if span is None or span.name != point.function:
            yield f"{point}: {exemplar} is of {span}"
        elif abs(exemplar.value - (span.end - span.start) / 1e9) > 1e-6:
            yield f"{point}: {exemplar} took {(span.end - span.start) / 1e9}"
