"""Does the quickstart arrive whole, whichever way it goes?"""

import re
from pathlib import Path

import checks
import peers
from checks import equal, traces
from receiver import Receiver

PROTOCOLS = ("grpc", "http/protobuf")
MANIFEST = Path(__file__).parents[2] / "Cargo.toml"
VERSION = re.search(r'^version = "(.*)"', MANIFEST.read_text(), re.MULTILINE)[1]
LAYERS = ("otel_runtime::tower", "otel_runtime::reqwest")
SCOPES = {(name, VERSION) for name in ("otel-examples", *LAYERS)}


def run(stage):
    report, built = stage.report, stage.built
    direct = [to_us(report, built, protocol) for protocol in PROTOCOLS]
    spans = max(sum(map(len, trees)) for trees in direct)
    through = [to_rotel(report, built, protocol, spans) for protocol in (*PROTOCOLS, "http/json")]
    if stage.jaeger:
        ways = zip((*PROTOCOLS, "http/json"), ("http/protobuf", "grpc", "grpc"))
        through += [to_the_collector(stage, protocol, by, spans) for protocol, by in ways]
    the_same(report, direct[0], direct[1:] + through)


def to_us(report, built, protocol):
    report.scenario(f"The quickstart sends by {protocol} to opentelemetry-proto for Python")
    with Receiver() as receiver:
        ended = peers.example(built, "quickstart", protocol, receiver.endpoints[protocol])
    # What a program sends has arrived when it has ended, so there is nothing to wait for.
    return arrived(report, ended, receiver, protocol)


def to_rotel(report, built, protocol, spans):
    report.scenario(
        f"The quickstart sends by {protocol} to the collector Rotel, and that to the same"
    )
    with (
        Receiver() as receiver,
        peers.rotel_collector(built, receiver.endpoints["http/protobuf"]) as endpoints,
    ):
        ended = peers.example(built, "quickstart", protocol, endpoints[protocol])
        receiver.wait(lambda arrived: len(arrived) >= spans)
    return arrived(report, ended, receiver, "http/protobuf")


def to_the_collector(stage, protocol, sends_by, spans):
    report, built = stage.report, stage.built
    report.scenario(
        f"The quickstart sends by {protocol} to the OpenTelemetry Collector, and that by {sends_by}"
    )
    with Receiver() as receiver:
        started = peers.opentelemetry_collector(
            built, receiver.endpoints[sends_by], sends_by, stage.jaeger, "collector-of-the-quickstart"
        )
        with started as (endpoints, written):
            ended = peers.example(built, "quickstart", protocol, endpoints[protocol])
            receiver.wait(lambda arrived: len(arrived) >= spans)
    report.check("its file has the same spans", checks.written(written, receiver.spans))
    report.check("Jaeger gives the same spans back", stage.jaeger.differences(receiver.spans))
    return arrived(report, ended, receiver, sends_by)


def arrived(report, ended, receiver, protocol):
    """Checks what has arrived of the quickstart, and gives the trees of its traces."""
    spans, found = receiver.spans, traces(receiver.spans)

    def each(check, some=found):
        return [wrong for trace in some for wrong in check(trace)]

    report.check(
        "it ended well, and drew nothing", equal((ended.returncode, ended.stderr), (0, ""))
    )
    report.check(f"all came by {protocol}", equal(receiver.protocols, {protocol}))
    report.check("every request and every span is well formed", receiver.faults)
    report.check("no span came twice", checks.spans_twice(spans))
    report.check("three requests are three traces", equal(len(found), 3))
    report.check("each has exactly one root, a server span of the shop", each(checks.roots))
    report.check("each has spans of both services", each(checks.services))
    report.check(f"the parents of all {len(spans)} spans are there", each(checks.parents))
    report.check("the warehouse's server span is under the shop's client span", each(checks.calls))
    report.check(
        "in the third a 409 is an error of the client, and of no server",
        each(checks.failure, found[2:]),
    )
    report.check("the others did not", each(checks.no_failure, found[:2]))
    report.check(
        "their spawned tasks are there, with customer.id", each(checks.receipts, found[:2])
    )
    report.check("neither an email nor its key was sent", checks.personal(receiver.requests))
    report.check("the resources name the SDK and two instances", checks.resources(spans))
    report.check(
        "the scopes are the annotated crate and those of the layers", checks.scopes(spans, SCOPES)
    )
    report.by_the_conventions(spans)
    return [checks.tree(trace) for trace in found]


def the_same(report, first, others):
    report.scenario(f"All {len(others) + 1} ways lead to the same spans")
    for tree in first:
        report.show(tree)
    for number, other in enumerate(others, start=2):
        report.check(f"the first and number {number}", equal(other, first))
