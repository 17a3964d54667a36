"""Messages of ours through NATS and RabbitMQ: are their spans linked, or in one trace?"""

import shutil

import checks
from brokers import NATS, RABBITMQ
from checks import equal
from processes import free_port, run as run_to_its_end
from scenarios import chain

ASKED_FOR = ("messaging.message.body.size",)
TREE = """
{name}-shop: internal order
  {name}-shop: producer publish {sent_orders}
    {name}-worker: consumer {consume} {orders}
      {name}-worker: internal pack
      {name}-worker: producer publish {sent_shipments}
        {name}-packer: consumer {consume} {shipments}
          {name}-packer: internal pack
          {name}-packer: client ack {shipments}
      {name}-worker: client ack {orders}
"""


def through_nats(stage):
    through(stage, NATS)


def through_rabbitmq(stage):
    through(stage, RABBITMQ)


def through(stage, broker):
    with Started(stage, broker) as it:
        if stage.built.go:
            chain.ordered(stage, it, ASKED_FOR)
        one_trace(it)
        delivered_twice(it)
        strangers(it)
        a_batch(it)
        comes_back(it)


class Started:
    """A broker that runs, and may be stopped and started again."""

    def __init__(self, stage, broker):
        self.stage, self.broker, self.report = stage, broker, stage.report
        self.port = free_port()
        self.folder = stage.built.work / broker.example
        shutil.rmtree(self.folder, ignore_errors=True)
        self.send_to = stage.send_to["grpc"]

    def __enter__(self):
        self.runs = self.broker.running(self.stage.built, self.folder, self.port)
        self.url = self.runs.__enter__()
        return self

    def __exit__(self, *_):
        self.runs.__exit__(None, None, None)

    def scenario(self, what):
        self.report.scenario(f"{self.broker.name}: {what}")

    def service(self, service):
        """What it is called with this broker."""
        return f"{self.broker.example}-{service}"

    def worker(self, service, *arguments):
        name = self.service(service)
        return self.broker.worker(self.stage.built, self.url, self.send_to, name, *arguments)

    def run(self, service, *arguments):
        """Runs a program of ours to its end."""
        ended = run_to_its_end(
            self.broker.command(self.stage.built, *arguments),
            **self.broker.ours(self.url, self.send_to, self.service(service)),
        )
        self.report.check(f"{service} ended well", equal((ended.returncode, ended.stderr), (0, "")))

    def named(self, operation, key, received=True):
        names = self.broker.received if received else self.broker.sent
        return f"{operation} {names.format(key)}"

    def arrived(self, service, number, is_it=lambda span: True):
        """The spans of a service for which `is_it` holds, once there are so many of them."""
        name = self.service(service)

        def of_it(spans):
            return [span for span in spans if span.service == name and is_it(span)]

        self.stage.receiver.wait(lambda spans: len(of_it(spans)) >= number)
        return of_it(self.stage.receiver.spans)


def one_trace(it):
    it.scenario("an order that is sent on is one trace through three processes")
    with it.worker("worker", "orders", "--continue", "--then", "shipments"):
        with it.worker("packer", "shipments", "--continue"):
            it.run("shop", "publish", "orders", "lamp")
            [root] = it.arrived("shop", 1, lambda span: span.name == "order")
            expected = TREE.format(
                name=it.broker.example,
                consume=it.broker.consume,
                orders=it.broker.received.format("orders"),
                shipments=it.broker.received.format("shipments"),
                sent_orders=it.broker.sent.format("orders"),
                sent_shipments=it.broker.sent.format("shipments"),
            )
            expected = expected.strip().splitlines()
            spans = it.stage.spans(root.trace, len(expected))
    it.report.check("the tree is that of the messages", checks.like(checks.tree(spans), expected))
    it.report.check(
        "what processes a message is linked to what sent it",
        (
            f"{span} is linked to {span.links}"
            for span in spans
            if span.kind == "consumer" and ids(span.links) != [(span.trace, span.parent)]
        ),
    )
    if it.stage.jaeger:
        it.report.check("Jaeger gives the same spans back", it.stage.jaeger.differences(spans))
    it.report.by_the_conventions(spans, ASKED_FOR)
    it.report.show(checks.tree(spans))


def delivered_twice(it):
    it.scenario("an order that is delivered twice has two spans, linked to the one that sent it")
    name = it.named(it.broker.consume, "orders")
    with it.worker("linked", "orders"):
        it.run("again", "publish", "orders", "twice a lamp", "book")
        processed = it.arrived("linked", 3, lambda span: span.name == name)
    sent = it.arrived("again", 2, is_sent)
    twice = [span for span in processed if ids(span.links) == [(sent[0].trace, sent[0].id)]]
    once = [span for span in processed if ids(span.links) == [(sent[1].trace, sent[1].id)]]
    it.report.check(
        "two are linked to the first, one to the second", equal((len(twice), len(once)), (2, 1))
    )
    it.report.check("the first failed", equal([span.failed for span in twice], [True, False]))
    it.report.check(
        "each is a trace of its own",
        equal(len({span.trace for span in processed} | {sent[0].trace}), 4),
    )
    it.report.check(
        "each has told the broker what became of it",
        equal(
            sorted(span.name for span in it.arrived("linked", 9) if span.kind == "client"),
            sorted([it.named("ack", "orders")] * 2 + [it.named(it.broker.nack, "orders")]),
        ),
    )
    it.report.by_the_conventions(it.arrived("linked", 9) + it.arrived("again", 3), ASKED_FOR)


def strangers(it):
    what = ", ".join(what for what, _ in it.broker.strange)
    it.scenario(f"messages of strangers, with {what}")
    service, expected = "suspicious", len(it.broker.strange)
    with it.worker(service, "orders", "--continue"):
        for what, publish in it.broker.strange:
            publish(it.url, what)
        name = it.named(it.broker.consume, "orders")
        spans = it.arrived(service, expected, lambda span: span.name == name)
    it.report.check("each has one span", equal(len(spans), expected))
    it.report.check("without a link and without a parent", linked_or_hung(spans))
    it.report.check("none failed", (str(span) for span in spans if span.failed))
    it.report.by_the_conventions(it.arrived(service, 3 * expected), ASKED_FOR)


def a_batch(it):
    it.scenario("200 orders in one batch")
    it.run("many", "publish", "orders", *[f"order {number}" for number in range(200)])
    it.run("batch", "batch", "orders")
    spans = it.arrived("batch", 3, lambda span: span.kind in ("client", "consumer"))
    names = [it.named(operation, "orders") for operation in (it.broker.fetch, "process", "ack")]
    it.report.check(
        "they are received, processed and settled together",
        equal([span.name for span in sorted(spans, key=lambda span: span.start)], names),
    )
    it.report.check(
        "each says how many there were, and has 128 links of them, and counts the others",
        (
            f"{span.name}: {count}, {len(span.links)}, {span.dropped_links}"
            for span in spans
            if (count := span.attributes.get("messaging.batch.message_count")) != 200
            or (len(span.links), span.dropped_links) != (128, 72)
        ),
    )
    sent = {
        (span.trace, span.id)
        for span in it.arrived("many", 200, is_sent)
    }
    it.report.check(
        "each link leads to another message",
        equal([len(sent & set(ids(span.links))) for span in spans], [128] * 3),
    )
    it.report.by_the_conventions(it.arrived("batch", 203), ASKED_FOR)


def comes_back(it):
    it.scenario("the broker goes and comes back")
    name = it.named(it.broker.consume, "orders")

    def is_worked_on(shop):
        """Whether the order of a shop has its span, in its trace. The broker may deliver others once more."""
        [sent] = it.arrived(shop, 1, is_sent)
        spans = it.arrived(
            "patient",
            1,
            lambda span: span.name == name and (span.trace, span.parent) == (sent.trace, sent.id),
        )
        return bool(spans)

    with it.worker("patient", "orders", "--continue"):
        it.run("before", "publish", "orders", "lamp")
        before = is_worked_on("before")
        it.__exit__()
        it.__enter__()
        it.run("after", "publish", "orders", "book")
        after = is_worked_on("after")
    it.report.check(
        "the worker goes on: each order has its span, in its trace",
        equal((before, after), (True, True)),
    )


def is_sent(span):
    return span.kind == "producer"


def ids(links):
    return [(link.trace, link.span) for link in links]


def linked_or_hung(spans):
    for span in spans:
        if span.links or span.parent:
            yield f"{span}: under {span.parent or 'nothing'}, linked to {span.links}"
