"""Which brokers are there, how is each set up, and how do others publish?

Each is a context manager that gives its URL. Whatever it stores stays in its folder, so that it can come back.
"""

import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Callable
from urllib.parse import urlsplit

import pika

from processes import environment, free_port, peer, told
from peers import BAGGAGE, SOON


@dataclass(frozen=True)
class Broker:
    """A broker, and how an example of ours uses it."""

    name: str
    # The example, and the variable by which it learns where the broker is.
    example: str
    variable: str
    running: Callable
    # What the spans of ours are called, after the operation.
    sent: str
    received: str
    consume: str
    fetch: str
    nack: str
    # Publishes what only others would: (what, publish(url, body)).
    strange: tuple

    def ours(self, url, send_to, service):
        """The variables of a program of ours."""
        return {
            self.variable: url,
            "OTEL_SERVICE_NAME": service,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
            "OTEL_EXPORTER_OTLP_ENDPOINT": send_to,
            **BAGGAGE,
            **SOON,
        }

    def command(self, built, *arguments):
        return [built.programs / self.example, *arguments]

    def worker(self, built, url, send_to, service, *arguments):
        """A worker of ours, from when it is there."""
        variables = self.ours(url, send_to, service)
        return told(service, self.command(built, "work", *arguments), **variables)


@contextmanager
def nats(built, folder, port):
    """NATS with JetStream."""
    command = [built.nats, "-js", "-sd", folder, "-a", "127.0.0.1", "-p", str(port)]
    with peer(folder.name, command, built.work, [port]):
        yield f"nats://127.0.0.1:{port}"


@contextmanager
def rabbitmq(built, folder, port):
    """RabbitMQ, as a user without rights, beside any other that runs on this machine."""
    epmd = str(free_port())
    variables = {
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": epmd,
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "none"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_NODENAME": f"interop-{port}@localhost",
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with peer(folder.name, [built.rabbitmq], built.work, [port], **variables):
            yield f"amqp://127.0.0.1:{port}"
    finally:
        # The daemon that Erlang leaves behind.
        subprocess.run(["epmd", "-port", epmd, "-kill"], env=environment(), capture_output=True)


def nats_raw(url, header, body):
    """Publishes by hand: without headers where `header` is empty."""
    server = urlsplit(url)
    with socket.create_connection((server.hostname, server.port), timeout=10) as connection:
        body = body.encode()
        if header:
            head = f"NATS/1.0\r\n{header}\r\n\r\n".encode()
            sent = f"HPUB orders {len(head)} {len(head) + len(body)}\r\n".encode() + head + body
        else:
            sent = f"PUB orders {len(body)}\r\n".encode() + body
        connection.sendall(b'CONNECT {"verbose":false,"headers":true}\r\n' + sent + b"\r\nPING\r\n")
        # It answers once it has taken what came before.
        while b"PONG" not in connection.recv(4096):
            pass


def amqp(url, headers, body):
    """Publishes with pika: without properties where `headers` is None."""
    properties = headers if headers is None else pika.BasicProperties(headers=headers)
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        connection.channel().basic_publish("shop", "orders", body, properties)


VALID = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

NATS = Broker(
    name="NATS",
    example="nats",
    variable="NATS_URL",
    running=nats,
    sent="{}",
    received="{}",
    consume="process",
    fetch="fetch",
    nack="nak",
    strange=(
        ("no headers", lambda url, body: nats_raw(url, "", body)),
        ("a malformed traceparent", lambda url, body: nats_raw(url, "traceparent: 7", body)),
        (
            "two traceparents",
            lambda url, body: nats_raw(url, f"traceparent: {VALID}\r\nTraceparent: {VALID}", body),
        ),
    ),
)
RABBITMQ = Broker(
    name="RabbitMQ",
    example="rabbitmq",
    variable="AMQP_URL",
    running=rabbitmq,
    sent="shop:{}",
    received="shop:{0}:{0}-to-do",
    consume="consume",
    fetch="get",
    nack="nack",
    strange=(
        ("no properties", lambda url, body: amqp(url, None, body)),
        ("an empty table", lambda url, body: amqp(url, {}, body)),
        ("traceparent as bytes", lambda url, body: amqp(url, {"traceparent": b"\xff\x00"}, body)),
        ("traceparent as an integer", lambda url, body: amqp(url, {"traceparent": 7}, body)),
        ("traceparent as a table", lambda url, body: amqp(url, {"traceparent": {"a": 1}}, body)),
        ("a malformed traceparent", lambda url, body: amqp(url, {"traceparent": "7"}, body)),
    ),
)
