"""Does the validator let good spans pass, and say of each wrong one what is wrong?

python3 -m unittest discover interop
"""

import unittest
from dataclasses import dataclass, field

from conventions import judge


@dataclass
class Event:
    name: str
    attributes: dict


@dataclass
class Span:
    kind: str
    name: str
    attributes: dict
    status: str = "unset"
    description: str = ""
    events: list = field(default_factory=list)


def http_client(name="GET", status="unset", description="", without=(), **changed):
    attributes = {
        "http.request.method": "GET",
        "server.address": "shop.example",
        "server.port": 443,
        "url.full": "https://shop.example/items/7?page=2",
        "http.response.status_code": 200,
        "network.protocol.version": "1.1",
    }
    return span("client", name, attributes, status, description, without, changed)


def http_server(name="GET /items/{id}", status="unset", description="", without=(), **changed):
    attributes = {
        "http.request.method": "GET",
        "http.route": "/items/{id}",
        "url.path": "/items/7",
        "url.scheme": "https",
        "url.query": "page=2",
        "server.address": "shop.example",
        "server.port": 443,
        "client.address": "192.0.2.7",
        "http.response.status_code": 200,
        "network.protocol.version": "2",
    }
    return span("server", name, attributes, status, description, without, changed)


def grpc_client(name="shop.Stock/Count", status="unset", description="", without=(), **changed):
    attributes = {
        "rpc.system.name": "grpc",
        "rpc.method": "shop.Stock/Count",
        "rpc.response.status_code": "OK",
        "server.address": "shop.example",
        "server.port": 50051,
    }
    return span("client", name, attributes, status, description, without, changed)


def grpc_server(name="shop.Stock/Count", status="unset", description="", without=(), **changed):
    attributes = {
        "rpc.system.name": "grpc",
        "rpc.method": "shop.Stock/Count",
        "rpc.response.status_code": "OK",
    }
    return span("server", name, attributes, status, description, without, changed)


def message(kind, operation, name=None, destination="orders", without=(), **changed):
    attributes = {
        "messaging.system": "nats",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": destination,
        "server.address": "nats.example",
        "server.port": 4222,
    }
    changed = {f"messaging_{key}": value for key, value in changed.items()}
    name = f"{operation} {destination}" if name is None else name
    return span(kind, name, attributes, "unset", "", without, changed)


def span(kind, name, attributes, status, description, without, changed):
    """`http_route="/"` changes the attribute `http.route`; `status_code`, the one of the answer."""
    attributes |= {spelt(key): value for key, value in changed.items()}
    for key in without:
        attributes.pop(key, None)
    return Span(kind, name, attributes, status, description)


def spelt(key):
    joined = ("message_count", "routing_key", "status_code", "resend_count", "method_original", "user_agent")
    key = key.replace("_", ".")
    for word in joined:
        key = key.replace(word.replace("_", "."), word)
    return key


GOOD = {
    "a request": http_client(),
    "a request that is refused": http_client(
        status="error", http_response_status_code=409, error_type="409"
    ),
    "a body that breaks off": http_client(status="error", error_type="connection_error"),
    "a request that gets no answer": http_client(
        status="error",
        description="connection refused",
        without=["http.response.status_code", "network.protocol.version"],
        error_type="std::io::Error",
    ),
    "a request that its caller cancels": http_client(
        without=["http.response.status_code"], traced_outcome="cancelled"
    ),
    "a third attempt": http_client(http_request_resend_count=2),
    "an unknown method": http_client(
        "HTTP", http_request_method="_OTHER", http_request_method_original="BREW"
    ),
    "a password that is redacted": http_client(
        url_full="https://REDACTED:REDACTED@shop.example/?sig=REDACTED"
    ),
    "a request to a server": http_server(),
    "a request without a route": http_server(
        "GET", without=["http.route"], http_response_status_code=404
    ),
    "a handler that fails": http_server(
        status="error", http_response_status_code=500, error_type="500"
    ),
    "a client that goes away": http_server(status="error", error_type="cancelled"),
    "an IPv6 address": http_server(server_address="2001:db8::1"),
    "a call": grpc_client(),
    "a call that fails": grpc_client(
        status="error", rpc_response_status_code="NOT_FOUND", error_type="NOT_FOUND"
    ),
    "a call that its caller cancels": grpc_client(
        rpc_response_status_code="CANCELLED", traced_outcome="cancelled"
    ),
    "a call to a server": grpc_server(),
    "a call to a server for what it has not": grpc_server(rpc_response_status_code="NOT_FOUND"),
    "a call to a server that fails": grpc_server(
        status="error", rpc_response_status_code="INTERNAL", error_type="INTERNAL"
    ),
    "a call of a method that there is not": grpc_server(
        "grpc",
        status="error",
        rpc_method="_OTHER",
        rpc_method_original="shop.Stock/Nothing",
        rpc_response_status_code="UNIMPLEMENTED",
        error_type="UNIMPLEMENTED",
    ),
    "a message that is sent": message("producer", "send"),
    "a message that is created": message("producer", "create"),
    "messages that were created and are sent": message("client", "send", batch_message_count=2),
    "messages that are received": message("client", "receive", batch_message_count=0),
    "a message that is processed": message("consumer", "process", message_id="7"),
    "a message that is settled": message("client", "settle"),
    "a name that is generated": message(
        "consumer", "process", "process", "_INBOX.Zq", destination_anonymous=True
    ),
    "a template": message(
        "consumer", "process", "process orders.{id}", "orders.7", destination_template="orders.{id}"
    ),
    "a routing key": message("producer", "send", rabbitmq_destination_routing_key="paid"),
    "a span of something else": Span("internal", "load", {"user_id": 7, "code.line.number": 7}),
}

WRONG = {
    "a message without a system": (
        message("producer", "send", without=["messaging.system"]),
        "must",
        "`messaging.system` is required",
    ),
    "a message without a destination": (
        message("producer", "send", "send", without=["messaging.destination.name"]),
        "must",
        "`messaging.destination.name` is required",
    ),
    "a message that is processed by a server": (
        message("server", "process"),
        "must",
        "a server span without anything",
    ),
    "a message that a consumer receives": (
        message("consumer", "receive"),
        "must",
        "of kind client or consumer or producer, not consumer",
    ),
    "a generated name in that of the span": (
        message("consumer", "process", destination="_INBOX.Zq", destination_anonymous=True),
        "should",
        "it is called 'process _INBOX.Zq', not 'process'",
    ),
    "an attribute that was renamed": (
        message("producer", "send", destination_kind="queue"),
        "must",
        "`messaging.destination.kind` is no attribute",
    ),
    "an operation type that was renamed": (
        message("producer", "publish"),
        "must",
        "`messaging.operation.type` is 'publish'",
    ),
    "a routing key of a settlement": (
        message("client", "settle", rabbitmq_destination_routing_key="paid"),
        "should",
        "is not an attribute of a messaging settle span",
    ),
    "a destination that is not temporary": (
        message("producer", "send", destination_temporary=False),
        "must",
        "`messaging.destination.temporary` is False",
    ),
    "no method": (
        http_client("HTTP", without=["http.request.method"]),
        "must",
        "`http.request.method` is req",
    ),
    "no port": (http_client(without=["server.port"]), "must", "`server.port` is required"),
    "no URL": (http_client(without=["url.full"]), "must", "`url.full` is required"),
    "no scheme": (http_server(without=["url.scheme"]), "must", "`url.scheme` is required"),
    "an address without its port": (
        http_server(without=["server.port"]),
        "must",
        "`server.port` is required",
    ),
    "a peer's port alone": (
        http_client(network_peer_port=1),
        "must",
        "`network.peer.address` is required",
    ),
    "a method as the client wrote it": (
        http_client("get", http_request_method="get"),
        "must",
        "not one of",
    ),
    "an unknown method that is lost": (
        http_server("HTTP /items/{id}", http_request_method="_OTHER"),
        "must",
        "`http.request.method_original` is required",
    ),
    "a method that is told twice": (
        http_client(http_request_method_original="GET"),
        "must",
        "no other than",
    ),
    "a version as a program prints it": (
        http_client(network_protocol_version="HTTP/1.1"),
        "must",
        "not one of",
    ),
    "a version that is too exact": (
        http_client(network_protocol_version="2.0"),
        "must",
        "not one of",
    ),
    "a code that is a string": (
        http_client(http_response_status_code="200"),
        "must",
        "not of type int",
    ),
    "a port that is a flag": (http_client(server_port=True), "must", "not of type int"),
    "a port that is none": (http_client(server_port=0), "must", "not from 1 to 65535"),
    "an IPv6 address in brackets": (http_client(server_address="[::1]"), "must", "not of the form"),
    "a relative URL": (http_client(url_full="/items/7"), "must", "not of the form"),
    "a password": (http_client(url_full="https://ada:x@shop.example/"), "must", "not of the form"),
    "a signature": (
        http_client(url_full="https://shop.example/?sig=abc"),
        "should",
        "the parameter sig",
    ),
    "a signature that a server is sent": (
        http_server(url_query="a=1&Signature=abc"),
        "should",
        "Signature",
    ),
    "a query with its question mark": (http_server(url_query="?a=1"), "must", "not of the form"),
    "the path as the name": (
        http_server("GET /items/7", without=["http.route"]),
        "must",
        "it is called 'GET /items/7', not 'GET'",
    ),
    "the path as the name of a request": (http_client("GET /items/7"), "must", "not 'GET'"),
    "a name of one's own": (http_client("load an item"), "must", "it is called 'load an item'"),
    "a route that the name does not tell": (
        http_server("GET other"),
        "should",
        "not 'GET /items/{id}'",
    ),
    "a header without a list": (
        http_server(**{"http.request.header.etag": "x"}),
        "must",
        "not of type string[]",
    ),
    "a header nobody asked for": (
        http_server(**{"http.request.header.etag": ["x"]}),
        "should",
        "opt-in",
    ),
    "a port nobody asked for": (http_server(client_port=7), "should", "`client.port` is opt-in"),
    "a deprecated name": (http_client(http_method="GET"), "must", "`http.method` is no attribute"),
    "a server's attribute on a client": (
        http_client(url_path="/"),
        "should",
        "not an attribute of a HTTP client",
    ),
    "a refusal that fails a server": (
        http_server(status="error", http_response_status_code=409, error_type="409"),
        "must",
        "with 409",
    ),
    "a refusal that does not fail a client": (
        http_client(http_response_status_code=404),
        "should",
        "with 404",
    ),
    "a success that fails": (
        http_client(status="error", error_type="200"),
        "must",
        "not unset, with 200",
    ),
    "a failure of a server that is none": (
        http_server(http_response_status_code=503),
        "should",
        "with 503",
    ),
    "a failure without its type": (
        http_client(status="error", http_response_status_code=500),
        "must",
        "`error.type` is required",
    ),
    "a type of error without an error": (
        http_client(error_type="500"),
        "should",
        "`error.type` is there",
    ),
    "a code in words": (
        http_client(
            status="error",
            description="500 Internal",
            http_response_status_code=500,
            error_type="500",
        ),
        "should",
        "repeats the code",
    ),
    "a status that is not ours to set": (http_client(status="ok"), "should", "the status is Ok"),
    "an end that nobody knows": (
        http_client(without=["http.response.status_code"]),
        "must",
        "how it ended",
    ),
    "a request inside": (
        Span("internal", "GET", {"http.request.method": "GET"}),
        "must",
        "not internal",
    ),
    "a client of nothing": (
        Span("client", "ask", {}),
        "must",
        "without anything that says of what",
    ),
    "no system": (
        grpc_client(without=["rpc.system.name"]),
        "must",
        "`rpc.system.name` is required",
    ),
    "another system": (grpc_client(rpc_system_name="GRPC"), "must", "not one of"),
    "a call of no method": (
        grpc_client("grpc", without=["rpc.method"]),
        "must",
        "`rpc.method` is required",
    ),
    "a path as a method": (grpc_server(rpc_method="/shop.Stock/Count"), "must", "not of the form"),
    "a method and its service": (
        grpc_client(rpc_service="shop.Stock"),
        "must",
        "`rpc.service` is no attribute",
    ),
    "a number as a code": (grpc_client(rpc_response_status_code=5), "must", "not of type string"),
    "a code as Rust writes it": (
        grpc_client(rpc_response_status_code="NotFound"),
        "must",
        "not one of",
    ),
    "no code": (grpc_server(without=["rpc.response.status_code"]), "must", "is required"),
    "no server": (
        grpc_client(without=["server.address", "server.port"]),
        "must",
        "`server.address` is required",
    ),
    "a failure that does not fail a call": (
        grpc_client(rpc_response_status_code="NOT_FOUND"),
        "should",
        "with NOT_FOUND",
    ),
    "a call that somebody else cancels": (
        grpc_client(rpc_response_status_code="CANCELLED"),
        "should",
        "with CANCELLED",
    ),
    "what is not there failing a server": (
        grpc_server(status="error", rpc_response_status_code="NOT_FOUND", error_type="NOT_FOUND"),
        "should",
        "not unset, with NOT_FOUND",
    ),
    "a failure called otherwise": (
        grpc_client(
            status="error", rpc_response_status_code="INTERNAL", error_type="tonic::Status"
        ),
        "should",
        "not the code 'INTERNAL'",
    ),
    "a route with a query": (http_server(http_route="/items?{id}"), "must", "not of the form"),
    "a path with its query": (http_server(url_path="/items?page=2"), "must", "not of the form"),
    "a scheme in capitals": (http_server(url_scheme="HTTPS"), "must", "not of the form"),
    "an error of no type": (http_client(status="error", error_type=""), "must", "not of the form"),
    "a resending that is none": (http_client(http_request_resend_count=0), "must", "not from 1"),
    "a header in capitals": (
        http_server(**{"http.response.header.ETag": ["x"]}),
        "must",
        "not in lower case",
    ),
    "a transport in capitals": (http_server(network_transport="TCP"), "must", "not one of"),
    "a peer in brackets": (http_server(network_peer_address="[::1]"), "must", "not of the form"),
    "a protocol in capitals": (
        http_server(network_protocol_name="SPDY"),
        "must",
        "not of the form",
    ),
    "a method that a server tells twice": (
        http_server(http_request_method_original="GET"),
        "must",
        "no other than",
    ),
    "an answer that nobody knows": (
        http_server(without=["http.response.status_code"]),
        "must",
        "how it ended",
    ),
    "a failure of a server in words": (
        http_server(
            status="error", description="500", http_response_status_code=500, error_type="500"
        ),
        "should",
        "repeats the code",
    ),
    "a call of another system": (grpc_client(rpc_system_name="dubbo"), "must", "not 'grpc'"),
    "a call to another system": (grpc_server(rpc_system_name="dubbo"), "must", "not 'grpc'"),
    "a call that is well and failed": (
        grpc_client(status="error", error_type="OK"),
        "must",
        "not unset, with OK",
    ),
    "a call's unknown method that is lost": (
        grpc_client("grpc", rpc_method="_OTHER"),
        "must",
        "`rpc.method_original` is required",
    ),
    "a call's method that is told twice": (
        grpc_server(rpc_method_original="shop.Stock/Count"),
        "must",
        "no other than",
    ),
    "metadata that nobody asked for": (
        grpc_server(**{"rpc.request.metadata.tenant": ["acme"]}),
        "should",
        "opt-in",
    ),
    "an unknown method as a name": (
        grpc_server(
            "shop.Stock/Nothing",
            rpc_method="_OTHER",
            rpc_method_original="shop.Stock/Nothing",
        ),
        "should",
        "not 'grpc'",
    ),
}


class Validator(unittest.TestCase):
    def test_good_spans_pass(self):
        for what, good in GOOD.items():
            with self.subTest(what):
                self.assertEqual([], [str(broken) for broken in judge(good)])

    def test_what_is_wrong_with_a_span_is_told_at_its_level(self):
        for what, (wrong, level, told) in WRONG.items():
            with self.subTest(what):
                found = [broken.what for broken in judge(wrong) if broken.level == level]
                self.assertTrue(any(told in text for text in found), judge(wrong))

    def test_an_exception_says_of_what_type_it_is_or_what_it_says(self):
        silent = http_client(status="error", http_response_status_code=500, error_type="500")
        silent.events = [Event("exception", {})]
        self.assertIn("neither exception.message nor exception.type", judge(silent)[0].what)

    def test_a_program_may_ask_for_more(self):
        asked = http_server(**{"http.request.header.etag": ["x"]})
        self.assertEqual([], judge(asked, ["http.request.header.*"]))


if __name__ == "__main__":
    unittest.main()
