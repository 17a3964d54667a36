"""What a program of ours logs, through a Collector: does it know the spans that it belongs to?"""

import re
import subprocess
from contextlib import ExitStack

import collectors
import logs
from checks import equal
from processes import environment
from receiver import Receiver

REQUESTS = 30
# Which span each record is of. One says that it is of none.
OF = {"taken": "handle", "checked": "check", "declined": "pay", "paid": "pay", "answered": "handle"}
NOBODY = "of nobody"


def run(stage):
    report, built = stage.report, stage.built
    report.scenario("A program of ours logs and traces by gRPC through the OpenTelemetry Collector")
    with ExitStack() as stack:
        spans = stack.enter_context(Receiver())
        records = stack.enter_context(logs.listening())
        pipelines = {"traces": ({}, spans.endpoints["grpc"]), "logs": ({}, records.endpoint)}
        send_to = stack.enter_context(
            collectors.without_queues(built, "collector-of-logs", pipelines)
        )
        ended = subprocess.run(
            [built.programs / "logged", str(REQUESTS)],
            env=environment(
                OTEL_SERVICE_NAME="logged",
                OTEL_EXPORTER_OTLP_PROTOCOL="grpc",
                OTEL_EXPORTER_OTLP_ENDPOINT=send_to,
                # What those log that send is not to be sent.
                RUST_LOG="debug",
            ),
            capture_output=True,
            text=True,
            timeout=60,
        )
        # What a Collector without queues has taken in has arrived.
        records, spans, faults = records.arrived, spans.spans, records.faults + spans.faults

    report.check("it ended well, and warned of nothing", equal((ended.returncode, ended.stderr), (0, "")))
    report.check("every request can be decoded", faults)
    by_id = {(span.trace, span.id): span for span in spans}
    report.check(
        f"each of the {REQUESTS} requests has left its records",
        equal(sorted(map(what, records)), sorted(expected())),
    )
    report.check("and its spans, and nobody has left others", equal(len(spans), 3 * REQUESTS))
    report.check("each record has the ids of its span, which has come", astray(records, by_id))
    report.check("those of one request are in one trace, and no other is", scattered(records))
    report.check("a span and its records are of the same service", (
        str(record) for record in records if record.service != "logged"
    ))
    report.check(
        "the lines on the terminal have the same ids", different(ended.stdout, records)
    )
    report.check("which have no colours where they go into a pipe", equal("\x1b" in ended.stdout, False))
    report.show(f"{record}" for record in records[:5])


def expected():
    for request in range(REQUESTS):
        outcome = "paid" if request % 3 else "declined"
        yield from (f"{it} {request}" for it in ("taken", "checked", outcome, "answered", NOBODY))


def what(record):
    """A record's text, and its request, which one by the crate `log` has in its text."""
    request = record.attributes.get("request")
    return record.body if request is None else f"{record.body} {request}"


def split(record):
    text, _, request = what(record).rpartition(" ")
    return text, request


def astray(records, spans):
    for record in records:
        text, request = split(record)
        if text == NOBODY:
            if record.trace or record.span:
                yield f"{record} is of somebody"
            continue
        span = spans.get((record.trace, record.span))
        if span is None or span.name.rpartition("::")[2] != OF.get(text):
            yield f"{record} is of {span}"
        elif not record.flags & 1:
            yield f"{record} is not sampled"


def scattered(records):
    traces = {}
    for record in records:
        text, request = split(record)
        if text != NOBODY:
            traces.setdefault(request, set()).add(record.trace)
    for request, its in traces.items():
        if len(its) != 1:
            yield f"request {request} is in {its}"
    if len(set().union(*traces.values())) != len(traces):
        yield f"{len(traces)} requests are in fewer traces"


def different(lines, records):
    """Which records are no line with the same ids."""
    told = {
        (trace, span, text)
        for trace, span, rest in re.findall(r"trace_id=(\w{32}) span_id=(\w{16}) (.*)", lines)
        for text in OF
        if f": {text} " in rest
    }
    for record in records:
        text, _ = split(record)
        if text != NOBODY and (record.trace, record.span, text) not in told:
            yield f"{record} has no such line"
