"""A receiver that takes in nothing but by TLS and with a key, as Honeycomb does: how do we get there?"""

import re
import secrets
from contextlib import contextmanager

import trustme

import collectors
import peers
from checks import equal
from processes import free_port
from processes import run as run_program
from receiver import Receiver

PROTOCOLS = ("grpc", "http/protobuf", "http/json")
HEADER = "x-honeycomb-team"


def run(stage):
    report, built = stage.report, stage.built
    key, wrong = secrets.token_hex(16), secrets.token_hex(16)
    with Receiver() as receiver:
        peers.example(built, "quickstart", "grpc", receiver.endpoints["grpc"])
        number = len(receiver.spans)
    with Receiver() as receiver, wants_a_key(built, key, receiver.endpoints["grpc"]) as endpoints:
        for protocol in PROTOCOLS:
            report.scenario(f"The quickstart sends by {protocol} to who wants TLS and a key in {HEADER}")
            before = len(receiver.spans)
            ended = quickstart(built, protocol, endpoints[protocol], key)
            report.check(
                "it ended well, and said nothing", equal((ended.returncode, ended.stderr), (0, ""))
            )
            receiver.wait(lambda spans: len(spans) >= before + number)
            report.check(f"all {number} spans came", equal(len(receiver.spans), before + number))

            before = len(receiver.spans)
            ended = quickstart(built, protocol, endpoints[protocol], wrong)
            report.check("with another key nothing came", map(str, receiver.spans[before:]))
            report.check("it says why, and not the key", told(ended.stderr, wrong))

            ended = quickstart(built, protocol, endpoints[protocol], key, OTEL_EXPORTER_OTLP_CERTIFICATE="")
            report.check("without the authority's certificate nothing came", map(str, receiver.spans[before:]))
            report.check("it says that it does not trust who is there", told(ended.stderr, key, "ertificate"))


def quickstart(built, protocol, send_to, key, **variables):
    return run_program(
        [built.programs / "quickstart"],
        **{
            "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
            "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
            "OTEL_EXPORTER_OTLP_HEADERS": f"{HEADER}={key}",
            "OTEL_EXPORTER_OTLP_CERTIFICATE": str(built.work / "authority.pem"),
            **variables,
        },
    )


def told(said, key, why="401|[Uu]nauthenticated"):
    if not re.search(why, said):
        yield f"it said {said!r}"
    if key in said:
        yield f"it said the key: {said!r}"


@contextmanager
def wants_a_key(built, key, send_to):
    """A Collector: where it listens by each protocol. The certificate of who vouches for it is in `authority.pem`."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(built.work / "authority.pem")
    authority.issue_cert(collectors.LOOPBACK).private_key_and_cert_chain_pem.write_to_path(
        built.work / "collector.pem"
    )
    ports = {"grpc": free_port(), "http/protobuf": free_port()}
    tls = {name: str(built.work / "collector.pem") for name in ("cert_file", "key_file")}

    def listens(port):
        return {
            "endpoint": f"{collectors.LOOPBACK}:{port}",
            "tls": tls,
            "auth": {"authenticator": "bearertokenauth"},
        }

    config = {
        "extensions": {"bearertokenauth": {"header": HEADER, "scheme": "", "token": key}},
        "receivers": {
            "otlp": {
                "protocols": {
                    "grpc": listens(ports["grpc"]),
                    "http": listens(ports["http/protobuf"]),
                }
            }
        },
        "exporters": {"otlp_grpc": collectors.otlp_grpc(send_to)},
        "service": {
            "extensions": ["bearertokenauth"],
            "telemetry": collectors.TELEMETRY,
            "pipelines": {"traces": {"receivers": ["otlp"], "exporters": ["otlp_grpc"]}},
        },
    }
    with collectors.collector(built, "collector-that-wants-a-key", config, ports.values()):
        ports["http/json"] = ports["http/protobuf"]
        yield {protocol: f"https://{collectors.LOOPBACK}:{port}" for protocol, port in ports.items()}
