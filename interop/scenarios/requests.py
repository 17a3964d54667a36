"""Does the example with every kind of request follow the conventions?"""

import checks
import conventions
import peers
from checks import equal, traces
from receiver import Receiver


def run(stage):
    report, built = stage.report, stage.built
    report.scenario("The example with every kind of request sends by grpc")
    with Receiver() as receiver:
        ended = peers.example(built, "http_and_grpc", "grpc", receiver.endpoints["grpc"])
    arrived(report, ended, receiver)
    if not stage.jaeger:
        return
    expected = len(receiver.spans)
    report.scenario("The same through the OpenTelemetry Collector")
    with Receiver() as receiver:
        started = peers.opentelemetry_collector(
            built, receiver.endpoints["http/protobuf"], "http/protobuf", stage.jaeger, "collector-of-requests"
        )
        with started as (endpoints, written):
            ended = peers.example(built, "http_and_grpc", "grpc", endpoints["grpc"])
            receiver.wait(lambda arrived: len(arrived) >= expected)
    report.check(f"all {expected} spans came", equal(len(receiver.spans), expected))
    report.check("its file has the same spans", checks.written(written, receiver.spans))
    report.check("Jaeger gives the same spans back", stage.jaeger.differences(receiver.spans))
    arrived(report, ended, receiver)


def arrived(report, ended, receiver):
    spans = receiver.spans
    report.check(
        "it ended well, and drew nothing", equal((ended.returncode, ended.stderr), (0, ""))
    )
    report.check("every request and every span is well formed", receiver.faults)
    report.check("no span came twice", checks.spans_twice(spans))
    report.check(
        f"the parents of all {len(spans)} spans are there",
        [wrong for trace in traces(spans) for wrong in checks.parents(trace)],
    )
    report.check(
        "there are servers and clients of HTTP and of gRPC",
        equal(
            {conventions.kind_of(span)["name"] for span in spans if conventions.kind_of(span)},
            {
                rules["name"]
                for rules in conventions.RULES["spans"]
                if rules["known_by"] != "messaging."
            },
        ),
    )
    report.by_the_conventions(spans)
    report.recommended(spans)
