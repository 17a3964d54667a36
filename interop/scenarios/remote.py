"""A service that asks Jaeger which traces to record: are they those of one operation, and no others?"""

import time
from contextlib import ExitStack

import peers
from checks import equal
from stage import Caller
from web import answering, ask, through


def run(stage):
    report, sent = stage.report, []
    report.scenario("Jaeger says which of our traces are recorded")
    said = {
        "OTEL_TRACES_SAMPLER": "parentbased_jaeger_remote",
        "OTEL_TRACES_SAMPLER_ARG": (
            f"endpoint={stage.jaeger.sampling},pollingIntervalMs=100,initialSamplingRate=0"
        ),
    }
    with ExitStack() as stack:
        start = stack.enter_context
        ours, _ = start(peers.relay(stage.built, stage.send_to["grpc"], "polling", **said))
        answers = start(answering(sent.append))
        url = through([ours, answers], "200")
        until = time.monotonic() + 20
        ask(url)
        # Until it has had an answer, it records nothing.
        while not is_sampled(told := sent.pop()) and time.monotonic() < until:
            ask(url)
        report.check("soon those of its operation are", equal(is_sampled(told), True))
        ask(f"{ours}/nowhere")
        caller = Caller(sampled=False)
        ask(url, caller.headers)
        spans = stage.spans(told["traceparent"].split("-")[1], 2)
    report.check("they arrive whole", equal(len(spans), 2))
    report.check("a caller is followed", equal(is_sampled(sent.pop()), False))
    report.check(
        "those of another operation are not",
        (
            str(span)
            for span in stage.receiver.spans
            if span.service == "polling" and span.attributes.get("url.path") == "/nowhere"
        ),
    )
    report.check("Jaeger gives the same spans back", stage.jaeger.differences(spans))


def is_sampled(headers):
    return bool(int(headers["traceparent"].rsplit("-", 1)[1], 16) & 1)
