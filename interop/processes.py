"""How are programs and peers started, and how do they end?"""

import os
import socket
import subprocess
import sysconfig
import time
from contextlib import contextmanager
from pathlib import Path

import rotel

HERE = Path(__file__).parent
SCRIPTS = Path(sysconfig.get_path("scripts"))


def environment(**variables):
    """Ours, without what is set about telemetry and proxies, and with `variables`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OTEL_")}
    return kept | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"} | variables


def example(programs, name, protocol, send_to):
    """Runs an example to its end."""
    return subprocess.run(
        [programs / name],
        env=environment(OTEL_EXPORTER_OTLP_PROTOCOL=protocol, OTEL_EXPORTER_OTLP_ENDPOINT=send_to),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextmanager
def relay(programs, behind, protocol, send_to):
    """Our service in the middle. It ends by itself when nobody holds its standard input."""
    variables = {
        "OTEL_SERVICE_NAME": "relay",
        "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
        "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
    }
    process = subprocess.Popen(
        [programs / "relay", behind],
        env=environment(**variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with ending(process):
        yield process.stdout.readline().strip()
        process.stdin.close()
        if process.wait(20) != 0:
            raise RuntimeError(f"the relay ended with {process.returncode}")


@contextmanager
def rotel_collector(work, send_to):
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
    with peer("rotel", command, work, ports.values()):
        # It tells JSON by its content type.
        ports["http/json"] = ports["http/protobuf"]
        yield {protocol: f"http://127.0.0.1:{port}" for protocol, port in ports.items()}


@contextmanager
def opentelemetry_collector(collector, work, send_to, protocol):
    """The OpenTelemetry Collector: it takes all protocols, and sends on by `protocol` and to a file."""
    ports = {"grpc": free_port(), "http/protobuf": free_port()}
    exporter = {"grpc": "otlp_grpc", "http/protobuf": "otlp_http"}[protocol]
    written = work / "collector.jsonl"
    written.unlink(missing_ok=True)
    config = work / "collector.yaml"
    config.write_text(
        f"""
        receivers:
          otlp:
            protocols:
              grpc: {{endpoint: "127.0.0.1:{ports["grpc"]}"}}
              http: {{endpoint: "127.0.0.1:{ports["http/protobuf"]}"}}
        processors:
          batch: {{timeout: 200ms}}
        exporters:
          {exporter}:
            endpoint: "{send_to}"
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
              exporters: [{exporter}, file, debug]
        """
    )
    command = [collector, "--config", config]
    with peer("collector", command, work, ports.values()):
        # It tells JSON by its content type.
        ports["http/json"] = ports["http/protobuf"]
        yield {protocol: f"http://127.0.0.1:{port}" for protocol, port in ports.items()}, written


@contextmanager
def caddy(work, service_behind, send_to):
    """Caddy: the edge, which starts a trace and sends its spans by gRPC."""
    port = free_port()
    caddyfile = work / "Caddyfile"
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
        "OTEL_PROPAGATORS": "tracecontext,baggage",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "XDG_CONFIG_HOME": str(work / "caddy"),
        "XDG_DATA_HOME": str(work / "caddy"),
    }
    command = [SCRIPTS / "caddy", "run", "--config", caddyfile, "--adapter", "caddyfile"]
    with peer("caddy", command, work, [port], **variables):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def fastapi(work, send_to):
    """FastAPI under OpenTelemetry for Python: the last service, which sends by HTTP."""
    port = free_port()
    variables = {
        "OTEL_SERVICE_NAME": "python",
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}",
    }
    command = [
        SCRIPTS / "opentelemetry-instrument",
        "uvicorn",
        f"--app-dir={HERE}",
        f"--port={port}",
        "downstream:app",
    ]
    with peer("fastapi", command, work, [port], **variables):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def peer(name, command, work, ports, **variables):
    """Runs a peer from when it listens on all of the ports."""
    log = work / f"{name}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            env=environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    with ending(process):
        until = time.monotonic() + 30
        for port in ports:
            while not listens(port):
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{name} does not listen on port {port}:\n{log.read_text()}")
                time.sleep(0.05)
        yield


@contextmanager
def ending(process):
    """Leaves no process behind, whatever happens."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    """A port for a peer that cannot choose one itself and say which."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
