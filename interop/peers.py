"""Which programs are there, and how is each of them set up?

Each is a context manager that gives where the program listens. Spans go to `send_to`.
"""

import os
import sysconfig
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import rotel

from processes import free_port, peer, run, told

HERE = Path(__file__).parent
SCRIPTS = Path(sysconfig.get_path("scripts"))
# Peers send what they have at once, instead of after five seconds.
SOON = {"OTEL_BSP_SCHEDULE_DELAY": "100"}
# Spans of ours say which baggage they have heard of.
BAGGAGE = {"OTEL_TRACED_BAGGAGE_ATTRIBUTES": "tenant"}
ONLY_TRACES = {
    "OTEL_TRACES_EXPORTER": "otlp",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
}


@dataclass(frozen=True)
class Built:
    """Where the programs are. Those that could not be built are `None`."""

    programs: Path
    work: Path
    collector: Path | None
    jaeger: Path | None
    go: Path | None
    java: Path | None
    node: Path | None
    nats: Path | None
    rabbitmq: Path | None


def example(built, name, protocol, send_to):
    """Runs an example of ours to its end."""
    return run(
        [built.programs / name],
        OTEL_EXPORTER_OTLP_PROTOCOL=protocol,
        OTEL_EXPORTER_OTLP_ENDPOINT=send_to,
    )


@contextmanager
def relay(built, send_to, name="relay", **variables):
    """Our service in the middle: where it listens for HTTP, and where for gRPC."""
    variables = {
        "OTEL_SERVICE_NAME": name,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
        **BAGGAGE,
        **SOON,
        **variables,
    }
    with told(name, [built.programs / "relay"], **variables) as addresses:
        yield tuple(addresses.split())


@contextmanager
def rotel_collector(built, send_to):
    """Rotel: a collector that takes all protocols and sends on by HTTP."""
    ports = {"grpc": free_port(), "http/protobuf": free_port()}
    command = [
        Path(rotel.__file__).parent / "rotel-agent",
        "start",
        f"--otlp-grpc-endpoint=127.0.0.1:{ports['grpc']}",
        f"--otlp-http-endpoint=127.0.0.1:{ports['http/protobuf']}",
        "--exporter=otlp",
        f"--otlp-exporter-endpoint={send_to}",
        "--otlp-exporter-protocol=http",
        "--batch-timeout=200ms",
    ]
    with peer("rotel", command, built.work, ports.values()):
        # It tells JSON by its content type.
        ports["http/json"] = ports["http/protobuf"]
        yield {protocol: f"http://127.0.0.1:{port}" for protocol, port in ports.items()}


@contextmanager
def opentelemetry_collector(built, send_to, protocol, jaeger, name="collector"):
    """The OpenTelemetry Collector: it takes all protocols, and sends on by `protocol`, to Jaeger and to a file."""
    ports = {"grpc": free_port(), "http/protobuf": free_port()}
    exporter = {"grpc": "otlp_grpc", "http/protobuf": "otlp_http"}[protocol]
    written = built.work / f"{name}.jsonl"
    written.unlink(missing_ok=True)
    config = built.work / f"{name}.yaml"
    config.write_text(
        f"""
        receivers:
          otlp:
            protocols:
              grpc: {{endpoint: "127.0.0.1:{ports["grpc"]}"}}
              http: {{endpoint: "127.0.0.1:{ports["http/protobuf"]}"}}
        processors:
          batch: {{timeout: 100ms}}
        exporters:
          {exporter}/decoder:
            endpoint: "{send_to}"
            tls: {{insecure: true}}
          otlp_grpc/jaeger:
            endpoint: "{jaeger.endpoint}"
            tls: {{insecure: true}}
          file:
            path: "{written}"
          debug:
            verbosity: detailed
        service:
          telemetry:
            metrics: {{level: none}}
          pipelines:
            traces:
              receivers: [otlp]
              processors: [batch]
              exporters: [{exporter}/decoder, otlp_grpc/jaeger, file, debug]
        """
    )
    command = [built.collector, "--config", config]
    with peer(name, command, built.work, ports.values()):
        # It tells JSON by its content type.
        ports["http/json"] = ports["http/protobuf"]
        yield {protocol: f"http://127.0.0.1:{port}" for protocol, port in ports.items()}, written


@contextmanager
def caddy(built, service_behind, send_to, propagators="tracecontext,baggage"):
    """Caddy: the edge, which starts a trace and sends its spans by gRPC."""
    port = free_port()
    caddyfile = built.work / f"Caddyfile-{port}"
    caddyfile.write_text(
        f"""
        {{
            admin off
            auto_https off
            persist_config off
        }}
        http://127.0.0.1:{port} {{
            bind 127.0.0.1
            tracing {{
                span edge
            }}
            reverse_proxy {service_behind.removeprefix("http://")}
        }}
        """
    )
    variables = {
        "OTEL_SERVICE_NAME": "edge",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
        "OTEL_PROPAGATORS": propagators,
        "XDG_CONFIG_HOME": str(built.work / "caddy"),
        "XDG_DATA_HOME": str(built.work / "caddy"),
        **SOON,
    }
    command = [SCRIPTS / "caddy", "run", "--config", caddyfile, "--adapter", "caddyfile"]
    with peer("caddy", command, built.work, [port], **variables):
        caddyfile.unlink()
        yield f"http://127.0.0.1:{port}"


@contextmanager
def python(built, send_to):
    """FastAPI under OpenTelemetry for Python, which sends by HTTP."""
    port = free_port()
    variables = {
        "OTEL_SERVICE_NAME": "python",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
        "OTEL_PYTHON_EXCLUDED_URLS": "heard",
        "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}",
        "PYTHONDONTWRITEBYTECODE": "1",
        **ONLY_TRACES,
        **SOON,
    }
    command = [
        SCRIPTS / "opentelemetry-instrument",
        "uvicorn",
        f"--app-dir={HERE / 'python'}",
        f"--port={port}",
        "service:app",
    ]
    with peer("python", command, built.work, [port], **variables):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def go_edge(built, service_behind, send_to):
    """A service in Go as a tutorial has it, which sends by gRPC."""
    port = free_port()
    variables = {
        "OTEL_SERVICE_NAME": "go-edge",
        "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
        "BEHIND": service_behind,
        **SOON,
    }
    command = [built.go, "edge", f"127.0.0.1:{port}"]
    with peer("go-edge", command, built.work, [port], **variables):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def go_service(built, send_to, stock=""):
    """A service in Go under otelhttp and otelgrpc: where it listens for HTTP, and where for gRPC."""
    port, grpc_port = free_port(), free_port()
    variables = {
        "OTEL_SERVICE_NAME": "go",
        "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
        "STOCK": stock.removeprefix("http://"),
        **SOON,
    }
    command = [built.go, "service", f"127.0.0.1:{port}", f"127.0.0.1:{grpc_port}"]
    with peer("go", command, built.work, [port, grpc_port], **variables):
        yield f"http://127.0.0.1:{port}", f"http://127.0.0.1:{grpc_port}"


@contextmanager
def java(built, send_to):
    """The JDK's HTTP server and client under the Java agent, which sends by HTTP."""
    port = free_port()
    variables = {
        "OTEL_SERVICE_NAME": "java",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
        **ONLY_TRACES,
        **SOON,
    }
    agent = f"-javaagent:{built.java / 'opentelemetry-javaagent.jar'}"
    # It does little, and starts sooner so.
    quick = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
    command = ["java", *quick, agent, "-cp", built.java, "Service", str(port)]
    with peer("java", command, built.work, [port], **variables):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def node(built, send_to):
    """Node's HTTP server and `fetch` under its automatic instrumentation, which sends by HTTP."""
    port = free_port()
    variables = {
        "OTEL_SERVICE_NAME": "node",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
        "OTEL_NODE_RESOURCE_DETECTORS": "env,serviceinstance",
        "OTEL_NODE_ENABLED_INSTRUMENTATIONS": "http,undici",
        "NODE_PATH": str(built.node / "node_modules"),
        **ONLY_TRACES,
        **SOON,
    }
    instrumented = "@opentelemetry/auto-instrumentations-node/register"
    command = ["node", "--require", instrumented, HERE / "node" / "service.js", str(port)]
    with peer("node", command, built.work, [port], **variables):
        yield f"http://127.0.0.1:{port}"
