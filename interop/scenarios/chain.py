"""A Go edge, ours, a Go gRPC service, ours again and FastAPI: is each kind of call one trace?"""

from contextlib import ExitStack, contextmanager

import peers
from checks import equal

COUNTED = """
go-edge: server GET /checkout/lamp
  go-edge: client ask
    shop: server GET /checkout/{item} 200
      shop: client shop.v1.Stock/Count OK
        go: server shop.v1.Stock/Count OK
          go: client shop.v1.Stock/Count OK
            depot: server shop.v1.Stock/Count OK
              depot: client GET 200
                python: server GET /items/{item}
                  python: internal GET /items/{item} http send
                  python: internal GET /items/{item} http send
"""
WATCHED = """
go-edge: server GET /watch/book
  go-edge: client ask
    shop: server GET /watch/{item} 200
      shop: client shop.v1.Stock/Watch OK
        go: server shop.v1.Stock/Watch OK
          go: client shop.v1.Stock/Watch OK
            depot: server shop.v1.Stock/Watch OK
              depot: client GET 200
                python: server GET /items/{item}
                  python: internal GET /items/{item} http send
                  python: internal GET /items/{item} http send
"""
MISSED = """
go-edge: server GET /checkout/unicorn
  go-edge: client ask
    shop: server GET /checkout/{item} 404
      shop: client shop.v1.Stock/Count NOT_FOUND ✗
        go: server shop.v1.Stock/Count NOT_FOUND
          go: client shop.v1.Stock/Count NOT_FOUND ✗
            depot: server shop.v1.Stock/Count NOT_FOUND
              depot: client GET 404 ✗
                python: server GET /items/{item}
                  python: internal GET /items/{item} http send
                  python: internal GET /items/{item} http send
"""
ORDERED = """
go-edge: server GET /orders/lamp
  go-edge: client ask
    shop: server GET /orders/{{item}} 200
      shop: client shop.v1.Stock/Count OK
        go: server shop.v1.Stock/Count OK
          go: client shop.v1.Stock/Count OK
            depot: server shop.v1.Stock/Count OK
              depot: client GET 200
                python: server GET /items/{{item}}
                  python: internal GET /items/{{item}} http send
                  python: internal GET /items/{{item}} http send
      shop: producer publish {sent}
        {worker}: consumer {process} {received}
          {worker}: internal pack
          {worker}: client ack {received}
"""
# The deadline passes for all of them at once. Which of them sees that before another gives up is chance.
LATE = """
go-edge: server GET /checkout/rarity
  go-edge: client ask
    shop: server GET /checkout/{item} 504 ✗
      shop: client shop.v1.Stock/Count DEADLINE_EXCEEDED ✗
        go: server shop.v1.Stock/Count *
          go: client shop.v1.Stock/Count * ✗
            depot: server shop.v1.Stock/Count *
"""
CODE = "rpc.response.status_code"
OURS = ["shop", "depot"]


@contextmanager
def services(stage, **shop):
    """All of them, of which the first is given."""
    built, send_to = stage.built, stage.send_to["grpc"]
    with ExitStack() as stack:
        start = stack.enter_context
        python = stage.python.result()
        _, depot = start(peers.relay(built, send_to, "depot", BEHIND=python))
        _, stock = start(peers.go_service(built, send_to, stock=depot))
        shop, _ = start(peers.relay(built, send_to, "shop", STOCK=stock, **shop))
        yield start(peers.go_edge(built, shop, send_to))


def run(stage):
    with services(stage) as edge:

        def follow(what, path, answer, expected, **reached):
            stage.report.scenario(f"{what}: Go, ours, Go by gRPC, ours, FastAPI")
            return stage.follow(edge + path, expected, OURS, answer, **reached)

        follow("A call by gRPC", "/checkout/lamp", 200, COUNTED)
        follow("A server's stream", "/watch/book", 200, WATCHED)
        follow("A call that is refused", "/checkout/unicorn", 404, MISSED)
        late = follow(
            "A deadline that passes", "/checkout/rarity?within=1500", 504, LATE, is_heard=False
        )
        stage.report.check(
            "to each the deadline has passed, or its caller has left",
            (
                f"{span}: {span.attributes[CODE]}"
                for span in late
                if span.attributes.get(CODE, "CANCELLED") not in ("CANCELLED", "DEADLINE_EXCEEDED")
            ),
        )


def ordered(stage, broker, asked_for):
    """The same, and then an order through a broker to a worker of ours."""
    broker.scenario("Go, ours, Go by gRPC, ours, FastAPI, and an order to a worker")
    worker = broker.service("worker")
    expected = ORDERED.format(
        worker=worker,
        process=broker.broker.consume,
        sent=broker.broker.sent.format("orders"),
        received=broker.broker.received.format("orders"),
    )
    with (
        broker.worker("worker", "orders", "--continue"),
        services(stage, BROKER=broker.url) as edge,
    ):
        spans = stage.follow(
            f"{edge}/orders/lamp", expected, [*OURS, worker], asked_for=asked_for
        )
    sent = [(span.trace, span.id) for span in spans if span.kind == "producer"]
    processed = [span for span in spans if span.kind == "consumer"]
    stage.report.check(
        "what processes the order is linked to what sent it",
        equal([(link.trace, link.span) for span in processed for link in span.links], sent),
    )
