"""What does Jaeger give back of what it was sent?"""

import base64
import json
import time
from contextlib import contextmanager

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service

from processes import free_port, peer
from receiver import decoded
from web import ask

# What Jaeger says itself about a span.
ITS_OWN = "@jaeger@"
# Which of the traces that begin at a service it has recorded, as services ask it.
STRATEGIES = {
    "default_strategy": {"type": "probabilistic", "param": 1},
    "service_strategies": [
        {
            "service": "polling",
            "type": "probabilistic",
            "param": 0,
            "operation_strategies": [
                {"operation": "GET /items/{item}", "type": "probabilistic", "param": 1}
            ],
        }
    ],
}


class Jaeger:
    """Takes OTLP at `endpoint`, is asked for traces at `query`, and for strategies of sampling at `sampling`."""

    def __init__(self, endpoint, query, sampling):
        self.endpoint = endpoint
        self.query = query
        self.sampling = sampling

    def trace(self, trace):
        """The spans that it has of a trace."""
        status, answer = ask(f"{self.query}/api/v3/traces/{trace}")
        if status == 404:
            return []
        request = service.ExportTraceServiceRequest()
        json_format.ParseDict(_as_protobuf(json.loads(answer)["result"]), request)
        spans = [span for span, _ in decoded(request)]
        for span in spans:
            for key in [key for key in span.attributes if key.startswith(ITS_OWN)]:
                del span.attributes[key]
        return spans

    def differences(self, spans, seconds=10):
        """What is other in Jaeger than in `spans`, once it has had time to take in all of them."""
        until = time.monotonic() + seconds
        while True:
            found = {
                (span.trace, span.id): span
                for trace in {span.trace for span in spans}
                for span in self.trace(trace)
            }
            expected = {(span.trace, span.id): span for span in spans}
            if found.keys() >= expected.keys() or time.monotonic() > until:
                return list(compare(expected, found))
            time.sleep(0.05)


def compare(expected, found):
    for id in expected.keys() - found.keys():
        yield f"Jaeger has not {expected[id]}"
    for id in found.keys() - expected.keys():
        yield f"only Jaeger has {found[id]}"
    for id in expected.keys() & found.keys():
        for field, value in vars(expected[id]).items():
            other = getattr(found[id], field)
            if value != other:
                yield f"{expected[id]}: Jaeger has {field} {other!r} instead of {value!r}"


def _as_protobuf(value):
    """OTLP has ids in hexadecimal where the JSON of protobuf has bytes in base64."""
    match value:
        case dict():
            return {
                key: base64.b64encode(bytes.fromhex(each)).decode()
                if key in ("traceId", "spanId", "parentSpanId")
                else _as_protobuf(each)
                for key, each in value.items()
            }
        case list():
            return [_as_protobuf(each) for each in value]
    return value


NEEDED = ("otlp", "query", "query_grpc", "sampling", "sampling_grpc")


@contextmanager
def running(built):
    """Jaeger, with all that it needs in memory."""
    ports = {name: free_port() for name in NEEDED}
    strategies = built.work / "strategies.json"
    strategies.write_text(json.dumps(STRATEGIES))
    config = built.work / "jaeger.yaml"
    config.write_text(
        f"""
        extensions:
          jaeger_storage:
            backends:
              memory: {{memory: {{max_traces: 10000}}}}
          jaeger_query:
            storage: {{traces: memory}}
            http: {{endpoint: "127.0.0.1:{ports["query"]}"}}
            grpc: {{endpoint: "127.0.0.1:{ports["query_grpc"]}"}}
          remote_sampling:
            file: {{path: "{strategies}"}}
            http: {{endpoint: "127.0.0.1:{ports["sampling"]}"}}
            grpc: {{endpoint: "127.0.0.1:{ports["sampling_grpc"]}"}}
        receivers:
          otlp:
            protocols:
              grpc: {{endpoint: "127.0.0.1:{ports["otlp"]}"}}
        exporters:
          jaeger_storage_exporter: {{trace_storage: memory}}
        service:
          telemetry:
            metrics: {{level: none}}
          extensions: [jaeger_storage, jaeger_query, remote_sampling]
          pipelines:
            traces:
              receivers: [otlp]
              exporters: [jaeger_storage_exporter]
        """
    )
    with peer("jaeger", [built.jaeger, "--config", config], built.work, ports.values()):
        yield Jaeger(
            f"http://127.0.0.1:{ports['otlp']}",
            f"http://127.0.0.1:{ports['query']}",
            f"http://127.0.0.1:{ports['sampling']}/api/sampling",
        )
