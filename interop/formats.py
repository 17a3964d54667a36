"""How do others write and read B3, Jaeger and X-Ray?"""

import json
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.propagators.aws import AwsXRayPropagator
from opentelemetry.propagators.b3 import B3MultiFormat, B3SingleFormat
from opentelemetry.propagators.jaeger import JaegerPropagator

from processes import ending, environment

FORMATS = ("b3", "b3multi", "jaeger", "xray")


@dataclass(frozen=True)
class Context:
    """What crosses. `decision` is `sampled`, `unsampled`, `debug` or `undecided`."""

    trace: str
    span: str
    decision: str


def in_words(context, format):
    """Headers for what no reference writes of its own accord, but only hands on: debug, and undecided."""
    match format, context.decision:
        case ("b3", "debug"):
            return {"b3": f"{context.trace}-{context.span}-d"}
        case ("b3", "undecided"):
            return {"b3": f"{context.trace}-{context.span}"}
        case ("b3multi", "debug"):
            return {"x-b3-traceid": context.trace, "x-b3-spanid": context.span, "x-b3-flags": "1"}
        case ("b3multi", "undecided"):
            return {"x-b3-traceid": context.trace, "x-b3-spanid": context.span}
        case ("jaeger", "debug"):
            return {"uber-trace-id": f"{context.trace}:{context.span}:0:3"}
    return None


class Python:
    """OpenTelemetry for Python. It knows sampled and not sampled, and takes debug for sampled."""

    name = "Python"
    decisions = ("sampled", "unsampled")
    _propagators = {
        "b3": B3SingleFormat(),
        "b3multi": B3MultiFormat(),
        "jaeger": JaegerPropagator(),
        "xray": AwsXRayPropagator(),
    }

    def write(self, format, context):
        flags = trace.TraceFlags(context.decision == "sampled")
        span = trace.SpanContext(int(context.trace, 16), int(context.span, 16), True, flags)
        headers = {}
        self._propagators[format].inject(
            headers, trace.set_span_in_context(trace.NonRecordingSpan(span))
        )
        return headers

    def read(self, format, headers):
        # It is asked by names in lower case, but for X-Ray's.
        headers = {name.lower(): value for name, value in headers.items()}
        headers |= {name.title(): value for name, value in headers.items()}
        context = self._propagators[format].extract(headers)
        span = trace.get_current_span(context).get_span_context()
        return Context(
            trace.format_trace_id(span.trace_id),
            trace.format_span_id(span.span_id),
            "sampled" if span.trace_flags.sampled else "unsampled",
        )


class Go:
    """The propagators of OpenTelemetry for Go, in a process that answers a line of JSON with another."""

    name = "Go"
    decisions = ("sampled", "unsampled", "debug", "undecided")

    def __init__(self, process):
        self._process = process

    def write(self, format, context):
        if context.decision in ("sampled", "unsampled"):
            ids = {"trace": context.trace, "span": context.span}
            return self._ask(format=format, sampled=context.decision == "sampled", **ids)["headers"]
        headers = in_words(context, format)
        return headers and self._ask(format=format, headers=headers)["headers"]

    def read(self, format, headers):
        read = self._ask(format=format, headers=headers)
        context = Context(read["trace"], read["span"], "sampled" if read["sampled"] else "unsampled")
        # What else it has understood is in what it hands on.
        for decision in ("debug", "undecided"):
            other = Context(context.trace, context.span, decision)
            if read["headers"] == in_words(other, format):
                return other
        return context

    def _ask(self, **what):
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def go(built):
    process = subprocess.Popen(
        [built.go, "formats"],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with ending(process):
        yield Go(process)
