"""B3, Jaeger and X-Ray, as the propagators of Go and Python have them: does a trace come in and go out?"""

import secrets
from contextlib import ExitStack
from dataclasses import replace

import formats
import peers
from checks import equal
from formats import FORMATS, Context
from processes import side_by_side
from stage import Caller
from web import answering, ask, through

BY_B3 = """
edge: server edge 200
  relay: server GET /items/{item} 200
    relay: client GET 200
      python: server GET /items/{item}
        python: internal GET /items/{item} http send
        python: internal GET /items/{item} http send
"""


def run(stage):
    references(stage)
    edge(stage)


def references(stage):
    """Each of the two writes, ours reads and writes, both read."""
    report = stage.report
    report.scenario("B3, Jaeger and X-Ray, by the propagators of Go and Python")
    heard = []
    with ExitStack() as stack:
        go, python = stack.enter_context(formats.go(stage.built)), formats.Python()
        answers = stack.enter_context(answering(heard.append))
        services = side_by_side(
            stack,
            *(
                peers.relay(stage.built, stage.send_to["grpc"], f"relay-{it}", OTEL_PROPAGATORS=it)
                for it in FORMATS
            ),
        )
        for format, (ours, _) in zip(FORMATS, services):
            url = through([ours, answers], "200")
            for writer in (go, python):
                for decision in writer.decisions:
                    given = Context(secrets.token_hex(16), secrets.token_hex(8), decision)
                    headers = writer.write(format, given)
                    if headers is None:
                        continue
                    ask(url, headers)
                    report.check(
                        f"{format}, {decision}: {writer.name} writes, ours reads and writes, both read",
                        crossed(stage, go, python, format, headers, given, heard.pop()),
                    )


def crossed(stage, go, python, format, headers, given, sent):
    # Python's Jaeger has debug for whatever is sampled: what was said is what Go reads of it.
    said = go.read(format, headers)
    yield from equal(replace(said, decision=""), replace(given, decision=""))
    # What the caller leaves open, our sampler decides.
    expected = {"undecided": "sampled"}.get(said.decision, said.decision)
    spans = stage.spans(given.trace, 0 if expected == "unsampled" else 2)
    if expected == "unsampled":
        yield from equal([str(span) for span in spans], [])
        span = go.read(format, sent).span
    else:
        servers, clients = ([it for it in spans if it.kind == kind] for kind in ("server", "client"))
        yield from equal([span.parent for span in servers], [given.span])
        yield from equal([span.parent for span in clients], [span.id for span in servers])
        span = clients[0].id if clients else ""
    yield from equal(go.read(format, sent), Context(given.trace, span, expected))
    expected = "unsampled" if expected == "unsampled" else "sampled"
    yield from equal(python.read(format, sent), Context(given.trace, span, expected))


def edge(stage):
    stage.report.scenario("Caddy, which speaks B3, in front of ours in front of FastAPI, which speaks W3C")
    with ExitStack() as stack:
        relay, _ = stack.enter_context(
            peers.relay(
                stage.built,
                stage.send_to["grpc"],
                OTEL_PROPAGATORS="b3,tracecontext,baggage",
            )
        )
        edge = stack.enter_context(peers.caddy(stage.built, relay, stage.send_to["grpc"], "b3"))
        url = through([edge, stage.python.result()])
        stage.begin(url, BY_B3, ours=["relay"])
        stage.follow(url, BY_B3, ours=["relay"], by=Caller.by_b3)
