"""What is there for the scenarios, and how is a request followed through it?"""

import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, field

import checks
import jaeger
import peers
from checks import equal
from receiver import Receiver
from web import ask

# What goes along with a caller's trace, unchanged.
CARRIED = {"tracestate": "vendor=opaque", "baggage": "tenant=acme"}


@dataclass(frozen=True)
class Caller:
    """Somebody who calls, in a trace that began elsewhere."""

    sampled: bool = True
    trace: str = field(default_factory=lambda: secrets.token_hex(16))
    span: str = field(default_factory=lambda: secrets.token_hex(8))

    carried: dict = field(default_factory=lambda: CARRIED)
    b3: bool = False

    @classmethod
    def by_b3(cls, sampled):
        """A caller that speaks B3, which has no trace state."""
        return cls(sampled, carried={"baggage": CARRIED["baggage"]}, b3=True)

    @property
    def headers(self):
        if self.b3:
            return {"b3": f"{self.trace}-{self.span}-{int(self.sampled)}"} | self.carried
        return {"traceparent": f"00-{self.trace}-{self.span}-{self.flags}"} | self.carried

    @property
    def flags(self):
        return f"0{int(self.sampled)}"

    def heard_in(self, heard, spans=()):
        """What is wrong with what the last service was told. Of `spans` one is the client that told it."""
        told = (heard.get("traceparent") or "---").split("-")
        yield from equal([told[1], told[3]], [self.trace, self.flags])
        if spans and told[2] not in {span.id for span in spans if span.kind == "client"}:
            yield f"{told[2]} is none of the clients"
        yield from equal({key: heard.get(key) for key in self.carried}, self.carried)


class Stage:
    """The receivers, and those of the peers that more than one scenario needs. They start beside each other.

    `needed` says which of `relay`, `python`, `java` and `node` there are, where they could be built.
    """

    def __init__(self, stack, built, needed):
        self.built = built
        self.receiver = stack.enter_context(Receiver())
        self.jaeger = None
        self.send_to = self.receiver.endpoints
        if built.jaeger and built.collector:
            self.jaeger = stack.enter_context(jaeger.running(built))
            self.send_to, _ = stack.enter_context(
                peers.opentelemetry_collector(
                    built, self.receiver.endpoints["grpc"], "grpc", self.jaeger
                )
            )
        self._stack = stack
        self._threads = stack.enter_context(ThreadPoolExecutor())
        http = self.send_to["http/protobuf"]
        could = {
            "relay": lambda: peers.relay(built, self.send_to["grpc"]),
            "python": lambda: peers.python(built, http),
            "java": lambda: built.java and peers.java(built, http),
            "node": lambda: built.node and peers.node(built, http),
        }
        for name in sorted(needed):
            manager = could[name]()
            setattr(self, name, manager and self.start(manager))

    def reporting_to(self, report):
        """The same, for scenarios with a report of their own: they run beside others."""
        stage = copy(self)
        stage.report = report
        return stage

    def start(self, manager):
        """Enters a context manager in a thread of its own, until everything ends."""
        return self._threads.submit(self._stack.enter_context, manager)

    def begin(self, url, expected, ours):
        """Sends a request without context, so that the trace begins at the first service."""
        heard = json.loads(ask(url)[1])
        trace = (heard.get("traceparent") or "-").split("-")[1]
        self.check(Caller(trace=trace, span="", carried={}), heard, expected, ours)

    def follow(self, url, expected, ours, answer=200, is_heard=True, by=Caller, asked_for=()):
        """Sends two requests, of which the first is not sampled, and looks for the tree of the second.

        Both are to be answered with the status `answer`. `is_heard` says whether they get to the last service,
        `by` how a caller's context is written, and `asked_for` which opt-in attributes the spans have.
        """
        unsampled, sampled = by(sampled=False), by(sampled=True)
        answers = [self.ask(url, caller) for caller in (unsampled, sampled)]
        self.report.check(
            f"both are answered {answer}", equal([status for status, _ in answers], [answer] * 2)
        )
        spans = self.check(sampled, answers[1][1] if is_heard else None, expected, ours, asked_for)
        left = self.spans(unsampled.trace)
        left += self.jaeger.trace(unsampled.trace) if self.jaeger else []
        self.report.check("the request that was not sampled left no span", map(str, left))
        if is_heard:
            self.report.check("and stays so", unsampled.heard_in(answers[0][1]))
        return spans

    def check(self, caller, heard, expected, ours, asked_for=()):
        """Has the caller's request the expected tree, and what did the last service hear?"""
        report, expected = self.report, expected.strip().splitlines()
        spans = self.spans(caller.trace, len(expected))
        report.check("the tree is that of the call", checks.like(checks.tree(spans), expected))
        report.check(
            "the caller is above it, and no other parent is missing",
            equal({span.parent for span in checks.uppermost(spans)}, {caller.span}),
        )
        if heard is not None:
            report.check(
                "the last service heard of the one before, sampled", caller.heard_in(heard, spans)
            )
        if self.jaeger:
            report.check("Jaeger gives the same spans back", self.jaeger.differences(spans))
        of_ours = [span for span in spans if span.service in ours]
        if "baggage" in caller.carried:
            report.check(
                f"all {len(of_ours)} spans of ours have heard of its baggage",
                (str(span) for span in of_ours if span.attributes.get("tenant") != "acme"),
            )
        report.by_the_conventions(of_ours, asked_for)
        report.show(checks.tree(spans))
        return spans

    def ask(self, url, caller):
        """The status of the answer, and what the last service was told."""
        status, text = ask(url, caller.headers)
        if text.startswith("{"):
            return status, json.loads(text)
        return status, json.loads(ask(f"{self.python.result()}/heard/{caller.trace}")[1]) or {}

    def spans(self, trace, number=0):
        """The spans of a trace, once there are so many of them."""

        def of_it(spans):
            return [span for span in spans if span.trace == trace]

        self.receiver.wait(lambda spans: len(of_it(spans)) >= number)
        return of_it(self.receiver.spans)
