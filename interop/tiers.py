"""How are the two tiers of a Collector set up, of which the second samples whole traces?

Their configuration is what the library writes of a policy. Only addresses are put in here, and the configurations of
several policies are put into one, so that three Collectors are enough for all of them.
"""

import json
import subprocess
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass

import yaml

from collectors import LOOPBACK, TELEMETRY, collector, otlp_grpc
from processes import free_port, side_by_side

# Of the second tier.
INSTANCES = 2


@dataclass(frozen=True)
class Written:
    """The configurations of both tiers, as they were written for a policy."""

    first: dict
    second: dict
    # What they keep that the policy does not.
    widened: list

    @classmethod
    def read(cls, line):
        first, second, widened = (line[key] for key in ("first", "second", "widened"))
        return cls(yaml.safe_load(first), yaml.safe_load(second), widened)


@dataclass(frozen=True)
class Policy:
    written: Written
    # Where the second tier sends what it keeps, by gRPC.
    send_to: str


def written(built, texts, decision_wait):
    """What the library writes for each policy, as it stands in `OTEL_TRACED_TAIL`.

    The second tier waits so many seconds for the spans of a trace.
    """
    lines = subprocess.run(
        [built.programs / "two_tiers", str(decision_wait)],
        input="".join(f"{text}\n" for text in texts),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
    ).stdout.splitlines()
    return [Written.read(json.loads(line)) for line in lines]


@contextmanager
def two_tiers(built, policies, everything):
    """One instance of the first tier, and two of the second, each with all of the policies, which have names.

    Gives where the first listens, by gRPC. It sends all to `everything` too, as it comes.
    """
    entry = free_port()
    ports = [{name: free_port() for name in policies} for _ in range(INSTANCES)]
    second = [
        merged({name: second_tier(policy, at[name]) for name, policy in policies.items()})
        for at in ports
    ]
    first = merged(
        {
            name: first_tier(
                policy, entry, {"static": {"hostnames": [f"{LOOPBACK}:{at[name]}" for at in ports]}}
            )
            for name, policy in policies.items()
        },
        shared=("otlp",),
    )
    first["exporters"]["otlp_grpc/everything"] = otlp_grpc(everything)
    first["service"]["pipelines"]["traces/everything"] = {
        "receivers": ["otlp"],
        "exporters": ["otlp_grpc/everything"],
    }
    with ExitStack() as stack:
        side_by_side(
            stack,
            *(
                collector(built, f"tier-2-{number}", config, at.values())
                for number, (config, at) in enumerate(zip(second, ports))
            ),
        )
        # What the first sends before one of the second listens, it sends again to both.
        stack.enter_context(collector(built, "tier-1", first, [entry]))
        yield f"http://{LOOPBACK}:{entry}"


@contextmanager
def first_that_looks_up(built, policy, namespace):
    """One instance of the first tier, which finds the second in the file `namespace`; gives where it listens."""
    port = free_port()
    look_up = {"namespace": str(namespace), "service_name": "tier-2", "interval": "200ms"}
    config = first_tier(policy, port, {"aws_cloud_map": look_up})
    with collector(built, "tier-1-of-moving", config, [port]):
        yield f"http://{LOOPBACK}:{port}"


@contextmanager
def one_of_the_second(built, policy):
    """One instance of the second tier; gives its address."""
    port = free_port()
    config = second_tier(policy, port)
    with collector(built, f"tier-2-at-{port}", config, [port]):
        yield f"{LOOPBACK}:{port}"


def first_tier(policy, port, resolver):
    """Listens on the port, and shares out among those that the resolver finds."""
    config = listening(policy.written.first, port)
    for exporter in config["exporters"].values():
        exporter["resolver"] = resolver
        exporter["protocol"]["otlp"]["tls"] = {"insecure": True}
    return config


def second_tier(policy, port):
    config = listening(policy.written.second, port)
    for exporter in config["exporters"].values():
        exporter |= otlp_grpc(policy.send_to)
    return config


def listening(written, port):
    """A copy, which takes in OTLP by gRPC there, and keeps no port of its own."""
    config = deepcopy(written)
    config["receivers"] = {
        "otlp": {"protocols": {"grpc": {"endpoint": f"{LOOPBACK}:{port}"}}}
    }
    config["service"]["telemetry"] = TELEMETRY
    return config


def merged(configs, shared=()):
    """One configuration of several, whose components have the name of the one they are of, but for the shared ones."""
    whole = {"receivers": {}, "processors": {}, "exporters": {}, "service": {"pipelines": {}}}
    for name, config in configs.items():

        def named(component):
            if component in shared:
                return component
            return f"{component}{'-' if '/' in component else '/'}{name}"

        for kind in ("receivers", "processors", "exporters"):
            for component, settings in config.get(kind, {}).items():
                whole[kind][named(component)] = settings
        for pipeline, parts in config["service"]["pipelines"].items():
            whole["service"]["pipelines"][named(pipeline)] = {
                kind: [named(each) for each in components] for kind, components in parts.items()
            }
        whole["service"]["telemetry"] = config["service"]["telemetry"]
    return whole
