"""How is a Collector set up and started?"""

import json
from contextlib import contextmanager

from processes import free_port, peer

LOOPBACK = "127.0.0.1"
# Ours alone: it keeps no port of its own.
TELEMETRY = {"metrics": {"level": "none"}}


@contextmanager
def collector(built, name, config, ports, *arguments):
    """A Collector with this configuration, from when it listens on all of the ports."""
    file = built.work / f"{name}.yaml"
    # JSON is YAML.
    file.write_text(json.dumps(config, indent=2))
    with peer(name, [built.collector, "--config", file, *arguments], built.work, ports):
        yield


def otlp_grpc(send_to):
    """An exporter that sends by gRPC to who has no TLS, and waits for the answer: it would send the same once more."""
    return {"endpoint": send_to, "tls": {"insecure": True}, "timeout": "60s"}


@contextmanager
def without_queues(built, name, pipelines):
    """A Collector that takes in OTLP by gRPC; gives where. What it has taken in has arrived.

    `pipelines` says of each, by its name, its processors with their settings and where it sends to.
    """
    port = free_port()
    processors, exporters, service = {}, {}, {}
    for pipeline, (settings, send_to) in pipelines.items():
        exporter = f"otlp_grpc/{pipeline.replace('/', '_')}"
        exporters[exporter] = otlp_grpc(send_to) | {"sending_queue": {"enabled": False}}
        processors |= settings
        service[pipeline] = {
            "receivers": ["otlp"],
            "processors": list(settings),
            "exporters": [exporter],
        }
    config = {
        "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": f"{LOOPBACK}:{port}"}}}},
        "processors": processors,
        "exporters": exporters,
        "service": {"telemetry": TELEMETRY, "pipelines": service},
    }
    with collector(built, name, config, [port]):
        yield f"http://{LOOPBACK}:{port}"
