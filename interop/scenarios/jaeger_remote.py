"""A Jaeger that says what is to be sampled: is it heeded, and what holds when it goes?"""

import json
import threading
import time
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import sqrt

from calls import Program
from checks import equal
from processes import free_port, peer
from receiver import Receiver

# By operation: all of `checkout`, and a quarter of what else the shop does. Others: all.
FIRST = {
    "service_strategies": [
        {
            "service": "shop",
            "type": "probabilistic",
            "param": 0.25,
            "operation_strategies": [
                {"operation": "checkout", "type": "probabilistic", "param": 1}
            ],
        }
    ],
    "default_strategy": {"type": "probabilistic", "param": 1},
}
# By operation the other way round. By service: so many traces a second.
PER_SECOND = 4
THEN = {
    "service_strategies": [
        {
            "service": "shop",
            "type": "probabilistic",
            "param": 1,
            "operation_strategies": [
                {"operation": "checkout", "type": "probabilistic", "param": 0}
            ],
        },
        {"service": "depot", "type": "ratelimiting", "param": PER_SECOND},
    ],
    "default_strategy": {"type": "probabilistic", "param": 1},
}
# What stands where Jaeger stood answers one after the other.
LIES = [
    (503, ""),
    (200, "<html>"),
    (200, "{}"),
    (200, '{"strategyType":0,"probabilisticSampling":{"samplingRate":7}}'),
    (200, '{"strategyType":9}'),
    (200, '{"status":"ok"}'),
    (404, '{"strategyType":0,"probabilisticSampling":{"samplingRate":1}}'),
]
CALLS = 2000
DRAWS = 3


def run(stage):
    report, built, port = stage.report, stage.built, free_port()
    strategies = built.work / "strategies.json"
    say(strategies, FIRST)
    with ExitStack() as stack:
        receiver = stack.enter_context(Receiver())
        shop, depot = (
            stack.enter_context(Ours(built, service, port, receiver.endpoints["grpc"]))
            for service in ("shop", "depot")
        )
        report.scenario("Jaeger says what is to be sampled, and is not there yet")
        report.check(
            "nothing is sampled, as the initial rate says",
            equal([each.sampled("checkout", 100) for each in (shop, depot)], [0, 0]),
        )

        with jaeger(built, port, strategies):
            report.scenario("Jaeger comes")
            report.check("of one operation all is sampled", shop.comes_to("checkout", everything))
            report.check("a quarter of the others", share(shop, "browse", 0.25))
            report.check(
                "of a service that is not named, all", depot.comes_to("checkout", everything)
            )

            report.scenario("Jaeger says otherwise while ours run")
            say(strategies, THEN)
            report.check("of that operation nothing is sampled", shop.comes_to("checkout", nothing))
            report.check("all of the others", equal(shop.sampled("browse", 100), 100))
            report.check(
                f"of a service, {PER_SECOND} traces a second", limited(depot, PER_SECOND)
            )

        with liar(port) as asked:
            report.scenario("Jaeger goes, and what stands in its place tells lies")
            report.check(
                "it is asked until it has told all of them, by both",
                asked.often(2 * len(LIES)),
            )
            still_holds(report, shop, depot)

        report.scenario("Nothing is there any more")
        still_holds(report, shop, depot)

        report.scenario("Jaeger comes back, with what it said first")
        say(strategies, FIRST)
        with jaeger(built, port, strategies):
            report.check("of one operation all is sampled", shop.comes_to("checkout", everything))
            report.check("of the other service, too", depot.comes_to("checkout", everything))
        expected = shop.count + depot.count
    # All has arrived, since ours have ended.
    came = [span for span in receiver.spans if span.name != "pay"]
    report.check("what was sampled has arrived, and nothing else", equal(len(came), expected))


def say(file, strategies):
    """Writes the file at one stroke: Jaeger reads it while it is written."""
    new = file.with_suffix(".new")
    new.write_text(json.dumps(strategies))
    new.rename(file)


def everything(sampled, of):
    return sampled == of


def nothing(sampled, of):
    return sampled == 0


def share(ours, function, expected):
    """Whether this share is sampled, within three standard deviations. Another draw may be needed: ids are random."""
    deviation = sqrt(CALLS * expected * (1 - expected))
    for _ in range(DRAWS):
        sampled = ours.sampled(function, CALLS)
        if abs(sampled - CALLS * expected) < 3 * deviation:
            return
    yield f"{sampled} of {CALLS}, instead of {CALLS * expected:.0f} ± {deviation:.0f}"


def limited(ours, per_second):
    """Whether so many traces a second are sampled, from when that is the limit."""
    yield from ours.comes_to("checkout", lambda sampled, of: sampled < of)
    began, sampled = time.monotonic(), 0
    while sampled < 2 * per_second and time.monotonic() < began + 20:
        sampled += ours.sampled("checkout", 10)
    took = time.monotonic() - began
    # What the bucket held may be there beside that, and what came in while the last ten were made.
    most = per_second * (took + 1) + 1
    if not 2 * per_second <= sampled <= most:
        yield f"{sampled} in {took:.1f} s"


def still_holds(report, shop, depot):
    report.check(
        "what Jaeger said last still holds",
        [
            *equal([shop.sampled("checkout", 100), shop.sampled("browse", 100)], [0, 100]),
            *limited(depot, PER_SECOND),
        ],
    )


class Ours(Program):
    """A program of ours that asks Jaeger every so often."""

    def __init__(self, built, service, port, send_to):
        asks = {
            "endpoint": f"http://127.0.0.1:{port}",
            "pollingIntervalMs": 100,
            "initialSamplingRate": 0,
        }
        super().__init__(
            built,
            service,
            send_to,
            OTEL_TRACES_SAMPLER="parentbased_jaeger_remote",
            OTEL_TRACES_SAMPLER_ARG=",".join(f"{key}={value}" for key, value in asks.items()),
        )
        self.count = 0

    def sampled(self, function, number):
        sampled = super().sampled(function, number)
        self.count += sampled
        return sampled

    def comes_to(self, function, so, number=20, seconds=20):
        """What is wrong if of so many calls not `so` many are sampled in the end."""
        until = time.monotonic() + seconds
        while not so(sampled := self.sampled(function, number), number):
            if time.monotonic() > until:
                yield f"{sampled} of {number}"
                return
            time.sleep(0.02)


@contextmanager
def jaeger(built, port, strategies):
    """A Jaeger that does nothing but tell what is to be sampled, as the file of strategies has it."""
    config = built.work / "jaeger-of-strategies.yaml"
    remote_sampling = {
        "file": {"path": str(strategies), "reload_interval": "50ms"},
        "http": {"endpoint": f"127.0.0.1:{port}"},
    }
    # It does not start without a storage and a pipeline.
    storage = {"backends": {"memory": {"memory": {"max_traces": 1}}}}
    config.write_text(
        json.dumps(
            {
                "extensions": {"jaeger_storage": storage, "remote_sampling": remote_sampling},
                "receivers": {"nop": None},
                "exporters": {"nop": None},
                "service": {
                    "telemetry": {"metrics": {"level": "none"}},
                    "extensions": ["jaeger_storage", "remote_sampling"],
                    "pipelines": {"traces": {"receivers": ["nop"], "exporters": ["nop"]}},
                },
            },
            indent=2,
        )
    )
    with peer("jaeger-of-strategies", [built.jaeger, "--config", config], built.work, [port]):
        yield


class Asked:
    def __init__(self):
        self.times = {}
        self.again = threading.Condition()

    def answer(self, whom):
        with self.again:
            times = self.times.get(whom, 0)
            self.times[whom] = times + 1
            self.again.notify_all()
        return LIES[times % len(LIES)]

    def often(self, times, by=2, seconds=20):
        """What is wrong if not so many programs have asked so often."""

        def enough():
            return len(self.times) == by and min(self.times.values()) >= times

        with self.again:
            if not self.again.wait_for(enough, seconds):
                yield str(self.times)


@contextmanager
def liar(port):
    """Listens where Jaeger did, and answers what Jaeger would not."""
    asked = Asked()

    # Speaks HTTP/1.0, so that each connection ends with its answer.
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = asked.answer(self.path)
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()
