"""Secrets that a program of ours records wherever there is room: is any of them seen behind a Collector?"""

import subprocess
from contextlib import contextmanager
from urllib.parse import quote

import yaml

import canaries
import collectors
from checks import equal
from processes import environment, free_port
from receiver import Receiver

# With it a Collector can leave out links, which it cannot redact.
LINKS = "--feature-gates=+ottl.set.allowNil"
PROTOCOLS = ("grpc", "http/protobuf", "http/json")


def run(stage):
    of_ours(stage)
    if stage.built.go:
        of_another(stage)


def of_ours(stage):
    report, built = stage.report, stage.built
    secrets, harmless = list(canaries.secrets()), canaries.harmless()
    number = 4 * len(secrets + harmless)
    for protocol in PROTOCOLS:
        report.scenario(f"A program of ours sends secrets by {protocol} through the OpenTelemetry Collector")
        ended, receiver, file = sent(built, protocol, secrets + harmless, number)
        report.check("it ended well", equal((ended.returncode, ended.stderr), (0, "")))
        report.check(f"all {number} spans came", equal(len(receiver.spans), number))
        report.check(
            f"none of the {len(secrets)} secrets is in what the Collector sent on",
            canaries.seen(secrets, receiver.requests),
        )
        report.check(
            "nor in its file", (it.name for it in secrets if it.secret in file)
        )
        report.check("what is harmless stays as it is", changed(harmless, receiver.spans))
    personal = list(canaries.personal())
    for mode, hidden in ("personal", secrets + personal), ("allowlist", secrets + personal):
        report.scenario(f"The same and personal data with OTEL_TRACED_PRIVACY={mode}")
        number = 4 * len(hidden)
        ended, receiver, _ = sent(built, "grpc", hidden, number, OTEL_TRACED_PRIVACY=mode)
        report.check("it ended well", equal((ended.returncode, ended.stderr), (0, "")))
        report.check(f"all {number} spans came", equal(len(receiver.spans), number))
        report.check(
            f"none of these {len(hidden)} is in what the Collector sent on",
            canaries.seen(hidden, receiver.requests),
        )
    report.scenario("The same with OTEL_TRACED_PRIVACY=off")
    number = 4 * len(hidden)
    _, receiver, _ = sent(built, "grpc", hidden, number, OTEL_TRACED_PRIVACY="off")
    report.check("every one of them is seen", not_seen(hidden, receiver))


def of_another(stage):
    """Behind a Collector with the configuration that the library writes."""
    report, built = stage.report, stage.built
    secrets, harmless = list(canaries.secrets()), canaries.harmless()
    personal = list(canaries.personal())
    for coverage, hidden in ("secrets", secrets), ("personal", secrets + personal):
        report.scenario(
            f"A service in Go sends {coverage} through a Collector with the processors that ours writes"
        )
        number = len(hidden + harmless)
        ended, receiver, file = sent_by_go(
            built, hidden + harmless, number, written(built, coverage), LINKS
        )
        report.check("it ended well", equal((ended.returncode, ended.stderr), (0, "")))
        report.check(f"all {number} spans came", equal(len(receiver.spans), number))
        report.check(
            f"none of these {len(hidden)} is in what the Collector sent on",
            canaries.seen(hidden, receiver.requests),
        )
        report.check("nor in its file", (it.name for it in hidden if it.secret in file))
        report.check("what is harmless stays as it is", changed(harmless, receiver.spans))
    report.scenario("The same without these processors")
    _, receiver, _ = sent_by_go(built, hidden, len(hidden), {})
    report.check("every one of them is seen", not_seen(hidden, receiver))


def written(built, coverage):
    """The processors that the library writes for a policy of privacy, in their order."""
    config = yaml.safe_load(
        subprocess.run(
            [built.programs / "collector_redaction", coverage],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=60,
        ).stdout
    )
    [pipeline] = config["service"]["pipelines"].values()
    return {name: config["processors"][name] or {} for name in pipeline["processors"]}


def sent_by_go(built, these, number, processors, *arguments):
    with (
        Receiver() as receiver,
        collector(built, receiver.endpoints["grpc"], processors, *arguments) as (endpoints, file),
    ):
        ended = told([built.go, "canaries"], these, OTEL_EXPORTER_OTLP_ENDPOINT=endpoints["grpc"])
        receiver.wait(lambda spans: len(spans) >= number)
        return ended, receiver, file.read_text()


def told(command, these, **variables):
    """Runs a program that records the canaries that it reads."""
    return subprocess.run(
        command,
        env=environment(**variables),
        input="".join(it.line for it in these),
        capture_output=True,
        text=True,
        timeout=60,
    )


def not_seen(secrets, receiver):
    seen = {each.partition(":")[0] for each in canaries.seen(secrets, receiver.requests)}
    return [it.name for it in secrets if it.name not in seen]


def sent(built, protocol, these, number, **variables):
    """What came of the canaries, and what the Collector wrote into its file."""
    with Receiver() as receiver, collector(built, receiver.endpoints["grpc"]) as (endpoints, file):
        ended = told(
            [built.programs / "canaries"],
            these,
            OTEL_EXPORTER_OTLP_PROTOCOL=protocol,
            OTEL_EXPORTER_OTLP_ENDPOINT=endpoints[protocol],
            OTEL_RESOURCE_ATTRIBUTES=",".join(f"text.{it.name}={quote(it.text)}" for it in these),
            OTEL_TRACED_BAGGAGE_ATTRIBUTES="note",
            **variables,
        )
        receiver.wait(lambda spans: len(spans) >= number)
        return ended, receiver, file.read_text()


def changed(harmless, spans):
    for it in harmless:
        names = [span.name for span in spans if span.attributes.get("canary") == it.name]
        yield from equal(set(names), {it.text})


@contextmanager
def collector(built, send_to, processors=(), *arguments):
    """A Collector with these processors: where it takes in OTLP by each protocol, and its file."""
    ports = {"grpc": free_port(), "http/protobuf": free_port()}
    file = built.work / "canaries.jsonl"
    file.unlink(missing_ok=True)
    config = {
        "receivers": {
            "otlp": {
                "protocols": {
                    name.partition("/")[0]: {"endpoint": f"{collectors.LOOPBACK}:{port}"}
                    for name, port in ports.items()
                }
            }
        },
        "processors": dict(processors),
        "exporters": {"otlp_grpc": collectors.otlp_grpc(send_to), "file": {"path": str(file)}},
        "service": {
            "telemetry": collectors.TELEMETRY,
            "pipelines": {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": list(processors),
                    "exporters": ["otlp_grpc", "file"],
                }
            },
        },
    }
    with collectors.collector(built, "collector-of-canaries", config, ports.values(), *arguments):
        ports["http/json"] = ports["http/protobuf"]
        yield (
            {name: f"http://{collectors.LOOPBACK}:{port}" for name, port in ports.items()},
            file,
        )
