"""Consistent probability: does a Collector that samples what we have sampled agree with us, trace for trace?"""

import secrets
from contextlib import ExitStack

import peers
from checks import equal
from receiver import Receiver
from stage import Caller
from web import answering, ask, through

REQUESTS = 100
# We keep a quarter. The Collector keeps an eighth of all: as it is told, or as half of what it gets.
OURS, ITS = 0xC0000000000000, 0xE0000000000000
MODES = {"equalizing": 12.5, "proportional": 50}


def run(stage):
    for mode, percentage in MODES.items():
        stage.report.scenario(f"We sample a quarter, and the Collector, {mode}, half of that")
        half_of_a_quarter(stage, mode, percentage)


def half_of_a_quarter(stage, mode, percentage):
    report, sent = stage.report, []
    with ExitStack() as stack:
        start = stack.enter_context
        receiver = start(Receiver())
        endpoints, _ = start(
            peers.opentelemetry_collector(
                stage.built,
                receiver.endpoints["grpc"],
                "grpc",
                stage.jaeger,
                f"collector-{mode}",
                f"probabilistic_sampler: {{mode: {mode}, sampling_percentage: {percentage}}}",
            )
        )
        ours, _ = start(
            peers.relay(stage.built, endpoints["grpc"], OTEL_TRACED_SAMPLER="probability 0.25")
        )
        answers = start(answering(sent.append))
        url = through([ours, answers], "200")
        for number in range(REQUESTS):
            # Every other one is of a caller that says by which number to decide.
            ask(url, by_another_number() if number % 2 else {})

    told = [Told(headers) for headers in sent]
    kept = [it for it in told if it.randomness >= ITS]
    report.check(f"all {REQUESTS} requests went on", equal(len(told), REQUESTS))
    report.check(
        "ours are those whose number is high enough, and say so",
        (
            f"{it.trace}: {it.state}, sampled {it.sampled}"
            for it in told
            if it.sampled != (it.randomness >= OURS) or it.sampled != (it.threshold == "c")
        ),
    )
    report.check(
        f"the Collector keeps exactly the {len(kept)} whose number is high enough for it",
        equal({span.trace for span in receiver.spans}, {it.trace for it in kept}),
    )
    report.check(
        "and says that each stands for eight",
        (f"{span}: {span.state}" for span in receiver.spans if "th:e" not in span.state),
    )
    report.check("of each it keeps all", equal(len(receiver.spans), 2 * len(kept)))


def by_another_number():
    state = f"ot=rv:{secrets.token_hex(7)}"
    return Caller(carried={"tracestate": state}).headers


class Told:
    """What a service behind ours is told of a trace."""

    def __init__(self, headers):
        _, self.trace, _, flags = headers["traceparent"].split("-")
        self.sampled = bool(int(flags, 16) & 1)
        self.state = headers.get("tracestate", "")
        entries = self.state.removeprefix("ot=").split(";")
        said = dict(entry.split(":", 1) for entry in entries if ":" in entry)
        self.threshold = said.get("th")
        self.randomness = int(said.get("rv", self.trace[-14:]), 16)
