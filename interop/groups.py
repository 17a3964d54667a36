"""Which groups of scenarios are there, and what does each need?

As a program it says which parts of what is built some of them need: `groups.py peers|examples [GROUP..]`.
"""

import sys
from dataclasses import dataclass

# What of the stage goes through these, where they can be built.
JAEGER = ("jaeger", "collector")


@dataclass(frozen=True)
class Group:
    title: str
    # A function of a module in `scenarios/`.
    runs: str
    # Programs of ours.
    examples: tuple = ()
    # Peers without which it is left out.
    needs: tuple = ()
    # Peers that it goes without where they could not be built.
    takes: tuple = ()
    # What it needs of the stage besides the receiver.
    stage: tuple = ()

    @property
    def peers(self):
        return {*self.needs, *self.takes}


# Those that take longest are first.
GROUPS = {
    "rabbitmq": Group(
        "RabbitMQ",
        "brokers.through_rabbitmq",
        examples=("rabbitmq", "relay"),
        needs=("rabbitmq",),
        takes=("go", *JAEGER),
        stage=("python",),
    ),
    "nats": Group(
        "NATS",
        "brokers.through_nats",
        examples=("nats", "relay"),
        needs=("nats",),
        takes=("go", *JAEGER),
        stage=("python",),
    ),
    "moving": Group(
        "a Collector that goes and comes back elsewhere",
        "moving.run",
        examples=("traffic", "two_tiers"),
        needs=("collector",),
    ),
    "tail": Group(
        "two tiers of a Collector that keep whole traces",
        "tail.run",
        examples=("traffic", "two_tiers"),
        needs=("collector",),
    ),
    "quickstart": Group(
        "the quickstart", "quickstart.run", examples=("quickstart",), takes=JAEGER
    ),
    "requests": Group(
        "every kind of request", "requests.run", examples=("http_and_grpc",), takes=JAEGER
    ),
    "languages": Group(
        "Java and Node",
        "languages.run",
        examples=("relay",),
        needs=("java", "node"),
        takes=JAEGER,
        stage=("relay", "java", "node"),
    ),
    "chain": Group(
        "Go, gRPC and Python",
        "chain.run",
        examples=("relay",),
        needs=("go",),
        takes=JAEGER,
        stage=("python",),
    ),
    "formats": Group(
        "B3, Jaeger and X-Ray",
        "formats.run",
        examples=("relay",),
        needs=("go",),
        takes=JAEGER,
        stage=("python",),
    ),
    "beside": Group(
        "otelhttp and otelgrpc",
        "beside.run",
        examples=("relay",),
        needs=("go",),
        takes=JAEGER,
        stage=("relay",),
    ),
    "keys": Group(
        "who wants TLS and a key",
        "keys.run",
        examples=("quickstart",),
        needs=("collector",),
    ),
    "privacy": Group(
        "what must not leave a process",
        "privacy.run",
        examples=("canaries", "collector_redaction"),
        needs=("collector",),
        takes=("go",),
    ),
    "logs": Group("logs", "logs.run", examples=("logged",), needs=("collector",)),
    "probability": Group(
        "a Collector that samples",
        "probability.run",
        examples=("sampled",),
        needs=("collector",),
    ),
    "remote": Group(
        "Jaeger's strategies of sampling",
        "remote.run",
        examples=("relay",),
        needs=JAEGER,
        stage=("python",),
    ),
    "jaeger-remote": Group(
        "a Jaeger that says what to sample",
        "jaeger_remote.run",
        examples=("sampled",),
        needs=("jaeger",),
    ),
    "metrics": Group("metrics", "metrics.run", examples=("sampled",), needs=("collector",)),
    "caddy": Group(
        "Caddy", "caddy.run", examples=("relay",), takes=JAEGER, stage=("relay", "python")
    ),
}


def chosen(names):
    """Those that are named, or all of them."""
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        raise SystemExit(f"there is no group {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    return {name: GROUPS[name] for name in names or GROUPS}


if __name__ == "__main__":
    what, *names = sys.argv[1:]
    print(*sorted({each for group in chosen(names).values() for each in getattr(group, what)}))
