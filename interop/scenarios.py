"""Do others understand what we send, and do we understand them?"""

import argparse
import json
import re
import sys
import urllib.request
from pathlib import Path

import checks
import conventions
import processes
from checks import Report, equal, traces
from receiver import Receiver

PROTOCOLS = ("grpc", "http/protobuf")
MANIFEST = Path(__file__).parent.parent / "Cargo.toml"
VERSION = re.search(r'^version = "(.*)"', MANIFEST.read_text(), re.MULTILINE)[1]
LAYERS = ("otel_runtime::tower", "otel_runtime::reqwest")
SCOPES = {(name, VERSION) for name in ("otel-examples", *LAYERS)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--programs", type=Path, required=True, help="where quickstart and relay are"
    )
    parser.add_argument("--work", type=Path, required=True, help="where logs may be written")
    parser.add_argument(
        "--collector", type=Path, help="the OpenTelemetry Collector, if it was built"
    )
    arguments = parser.parse_args()
    programs, work, collector = arguments.programs, arguments.work, arguments.collector

    report = Report()
    direct = [quickstart_to_us(report, programs, protocol) for protocol in PROTOCOLS]
    spans = max(sum(map(len, trees)) for trees in direct)
    through = [
        quickstart_to_rotel(report, programs, work, protocol, spans)
        for protocol in (*PROTOCOLS, "http/json")
    ]
    if collector:
        through += [
            quickstart_to_the_collector(
                report, programs, work, collector, protocol, sends_by, spans
            )
            for protocol, sends_by in zip(
                (*PROTOCOLS, "http/json"), ("http/protobuf", "grpc", "grpc")
            )
        ]
    the_same(report, direct[0], direct[1:] + through)
    every_kind_of_request(report, programs, work, collector)
    caddy_and_fastapi_around_us(report, programs, work)

    print(f"\n{report.checked} checks, {report.failed} failed")
    return 1 if report.failed else 0


def quickstart_to_us(report, programs, protocol):
    report.scenario(f"The quickstart sends by {protocol} to opentelemetry-proto for Python")
    with Receiver() as receiver:
        ended = processes.example(programs, "quickstart", protocol, receiver.endpoints[protocol])
    # What a program sends has arrived when it has ended, so there is nothing to wait for.
    return quickstart(report, ended, receiver, protocol)


def quickstart_to_rotel(report, programs, work, protocol, spans):
    report.scenario(
        f"The quickstart sends by {protocol} to the collector Rotel, and that to the same"
    )
    with (
        Receiver() as receiver,
        processes.rotel_collector(work, receiver.endpoints["http/protobuf"]) as endpoints,
    ):
        ended = processes.example(programs, "quickstart", protocol, endpoints[protocol])
        receiver.wait(lambda arrived: len(arrived) >= spans)
    return quickstart(report, ended, receiver, "http/protobuf")


def quickstart_to_the_collector(report, programs, work, collector, protocol, sends_by, spans):
    report.scenario(
        f"The quickstart sends by {protocol} to the OpenTelemetry Collector, and that by {sends_by}"
    )
    with Receiver() as receiver:
        started = processes.opentelemetry_collector(
            collector, work, receiver.endpoints[sends_by], sends_by
        )
        with started as (endpoints, written):
            ended = processes.example(programs, "quickstart", protocol, endpoints[protocol])
            receiver.wait(lambda arrived: len(arrived) >= spans)
    report.check("its file has the same spans", checks.written(written, receiver.spans))
    return quickstart(report, ended, receiver, sends_by)


def quickstart(report, ended, receiver, protocol):
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
    by_the_conventions(report, spans)
    return [checks.tree(trace) for trace in found]


def the_same(report, first, others):
    report.scenario(f"All {len(others) + 1} ways lead to the same spans")
    for tree in first:
        print("\n".join(f"    {line}" for line in tree))
    for number, other in enumerate(others, start=2):
        report.check(f"the first and number {number}", equal(other, first))


def caddy_and_fastapi_around_us(report, programs, work):
    report.scenario("Caddy in front of a service of ours in front of FastAPI")
    trace, caller = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    given = {
        "traceparent": f"00-{trace}-{caller}-01",
        "tracestate": "vendor=opaque",
        "baggage": "tenant=acme",
    }
    unsampled = {"traceparent": f"00-{'1' * 32}-{caller}-00"}
    with Receiver() as receiver:
        grpc, http = (receiver.endpoints[protocol] for protocol in PROTOCOLS)
        with (
            processes.fastapi(work, http) as behind,
            processes.relay(programs, behind, "grpc", grpc) as relay,
            processes.caddy(work, relay, grpc) as edge,
        ):
            heard_unsampled = ask(edge, "unsampled", unsampled)
            heard_new = ask(edge, "new", {})
            heard_given = ask(edge, "given", given)
            receiver.wait(are_whole)

    found = traces(receiver.spans)
    report.check("every request and every span is well formed", receiver.faults)
    report.check("two sampled requests are two traces", equal(len(found), 2))
    if len(found) != 2:
        return
    new, continued = found
    report.check(
        "Caddy began the first", equal([span.service for span in new if not span.parent], ["edge"])
    )
    report.check("the caller began the second", equal({span.trace for span in continued}, {trace}))
    report.check(
        "and is the only parent that is not there",
        equal(
            {span.parent for span in continued if checks.parent_of(span, continued) is None},
            {caller},
        ),
    )
    for what, spans, heard in (("first", new, heard_new), ("second", continued, heard_given)):
        report.check(
            f"{what}: Caddy, our server, our client, FastAPI, each under the one before",
            chained(spans),
        )
        client = [span.id for span in spans if (span.service, span.kind) == ("relay", "client")]
        told = (heard["traceparent"] or "").split("-")
        report.check(
            f"{what}: FastAPI heard of our client, sampled",
            equal([told[1:]], [[spans[0].trace, *client, "01"]]),
        )
    ours = [span for span in receiver.spans if span.service == "relay"]
    by_the_conventions(report, ours)
    recommended(ours)
    report.check(
        "tracestate and baggage came through",
        equal(
            {key: heard_given[key] for key in ("tracestate", "baggage")},
            {key: given[key] for key in ("tracestate", "baggage")},
        ),
    )
    told = (heard_unsampled["traceparent"] or "").split("-")
    report.check(
        "an unsampled request stays so, in its trace", equal(told[1:2] + told[3:], ["1" * 32, "00"])
    )


def every_kind_of_request(report, programs, work, collector):
    report.scenario("The example with every kind of request sends by grpc")
    with Receiver() as receiver:
        ended = processes.example(programs, "http_and_grpc", "grpc", receiver.endpoints["grpc"])
    requests(report, ended, receiver)
    if not collector:
        return
    expected = len(receiver.spans)
    report.scenario("The same through the OpenTelemetry Collector")
    with Receiver() as receiver:
        started = processes.opentelemetry_collector(
            collector, work, receiver.endpoints["http/protobuf"], "http/protobuf"
        )
        with started as (endpoints, written):
            ended = processes.example(programs, "http_and_grpc", "grpc", endpoints["grpc"])
            receiver.wait(lambda arrived: len(arrived) >= expected)
    report.check(f"all {expected} spans came", equal(len(receiver.spans), expected))
    report.check("its file has the same spans", checks.written(written, receiver.spans))
    requests(report, ended, receiver)


def requests(report, ended, receiver):
    """Checks what has arrived of the example with every kind of request."""
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
            {rules["name"] for rules in conventions.RULES["spans"]},
        ),
    )
    by_the_conventions(report, spans)
    recommended(spans)


def by_the_conventions(report, spans):
    """Holds spans of ours to the semantic conventions."""
    broken = [(span, each) for span in spans for each in conventions.judge(span)]
    for level in ("must", "should"):
        report.check(
            f"{len(spans)} spans break no {level.upper()} of the conventions {conventions.RULES['version']}",
            [f"{span}: {each.what}" for span, each in broken if each.level == level],
        )


def recommended(spans):
    """Tells what the conventions recommend and no span has."""
    for kind, keys in conventions.never_recorded(spans).items():
        print(
            f"    no {kind} has {', '.join(keys)}"
            if keys
            else f"    {kind}: all that is recommended"
        )


def are_whole(spans):
    """Two traces that have been through all three services."""
    seen = [{span.service for span in trace} for trace in traces(spans)]
    return seen == [{"edge", "relay", "python"}] * 2


def chained(spans):
    """FastAPI's server span, and from there up."""
    for span in spans:
        if (span.service, span.kind) == ("python", "server"):
            above = []
            while span:
                above.append((span.service, span.kind))
                span = checks.parent_of(span, spans)
            return equal(
                above[:3], [("python", "server"), ("relay", "client"), ("relay", "server")]
            ) + equal({service for service, _ in above[3:]}, {"edge"})
    return ["no server span of FastAPI"]


def ask(url, item, headers):
    """What the last service was told."""
    request = urllib.request.Request(f"{url}/items/{item}", headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=20) as response:
        return json.load(response)


if __name__ == "__main__":
    sys.exit(main())
