"""How is a Collector set up that holds nothing back?"""

import json
from contextlib import contextmanager

from processes import free_port, peer


@contextmanager
def without_queues(built, name, pipelines):
    """A Collector that takes in OTLP by gRPC; gives where. What it has taken in has arrived.

    `pipelines` says of each, by its name, its processors with their settings and where it sends to.
    """
    port = free_port()
    processors, exporters, service = {}, {}, {}
    for pipeline, (settings, send_to) in pipelines.items():
        exporter = f"otlp_grpc/{pipeline.replace('/', '_')}"
        exporters[exporter] = {
            "endpoint": send_to,
            "tls": {"insecure": True},
            "sending_queue": {"enabled": False},
        }
        processors |= settings
        service[pipeline] = {
            "receivers": ["otlp"],
            "processors": list(settings),
            "exporters": [exporter],
        }
    config = {
        "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": f"127.0.0.1:{port}"}}}},
        "processors": processors,
        "exporters": exporters,
        "service": {"telemetry": {"metrics": {"level": "none"}}, "pipelines": service},
    }
    file = built.work / f"{name}.yaml"
    # JSON is YAML.
    file.write_text(json.dumps(config, indent=2))
    with peer(name, [built.collector, "--config", file], built.work, [port]):
        yield f"http://127.0.0.1:{port}"
