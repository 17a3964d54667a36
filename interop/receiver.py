"""What arrives? Takes in OTLP, and decodes it with the classes generated for Python."""

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service
from opentelemetry.proto.trace.v1 import trace_pb2

ANSWER = service.ExportTraceServiceResponse().SerializeToString()
KINDS = {
    number: name.removeprefix("SPAN_KIND_").lower()
    for name, number in trace_pb2.Span.SpanKind.items()
}
STATUSES = {
    number: name.removeprefix("STATUS_CODE_").lower()
    for name, number in trace_pb2.Status.StatusCode.items()
}


@dataclass(frozen=True)
class Event:
    name: str
    attributes: dict


@dataclass(frozen=True)
class Link:
    trace: str
    span: str
    attributes: dict


@dataclass(frozen=True)
class Span:
    trace: str
    id: str
    parent: str
    name: str
    kind: str
    start: int
    end: int
    status: str
    description: str
    attributes: dict
    events: list
    scope: tuple
    resource: dict
    flags: int = 0
    state: str = ""
    links: tuple = ()
    dropped_links: int = 0

    @property
    def failed(self):
        return self.status == "error"

    @property
    def service(self):
        return self.resource.get("service.name")

    def __str__(self):
        return f"{self.service}: {self.kind} {self.name!r} {self.trace}/{self.id}"


class Receiver:
    """Listens for OTLP on two free ports of the loopback: gRPC, and HTTP with protobuf."""

    def __enter__(self):
        self.spans = []
        self.requests = []
        self.protocols = set()
        self.faults = []
        self._arrived = threading.Condition()

        self._grpc = grpc.server(ThreadPoolExecutor(4))
        export = grpc.unary_unary_rpc_method_handler(self._export)
        name = "opentelemetry.proto.collector.trace.v1.TraceService"
        self._grpc.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler(name, {"Export": export})]
        )
        grpc_port = self._grpc.add_insecure_port("127.0.0.1:0")
        self._grpc.start()

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

        self.endpoints = {
            "grpc": f"http://127.0.0.1:{grpc_port}",
            "http/protobuf": f"http://127.0.0.1:{self._http.server_port}",
        }
        return self

    def __exit__(self, *_):
        self._grpc.stop(None).wait()
        self._http.shutdown()
        self._http.server_close()

    def wait(self, is_enough, seconds=20):
        """Waits until `is_enough(spans)`, at most `seconds`: the checks say what is missing."""
        with self._arrived:
            self._arrived.wait_for(lambda: is_enough(self.spans), seconds)

    def take(self, protocol, body):
        """Decodes one request; raises what protobuf raises."""
        spans = decoded(service.ExportTraceServiceRequest.FromString(body))
        with self._arrived:
            self.protocols.add(protocol)
            self.requests.append(body)
            for span, faults in spans:
                self.spans.append(span)
                self.faults += faults
            self._arrived.notify_all()

    def fault(self, what):
        with self._arrived:
            self.faults.append(what)

    def _export(self, body, context):
        try:
            self.take("grpc", body)
        except Exception as error:  # whatever it is, it is to be reported
            self.fault(f"gRPC: {error!r}")
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, repr(error))
        return ANSWER


def _handler(receiver):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self._body()
            try:
                if self.path != "/v1/traces":
                    raise ValueError(f"POST {self.path}")
                if self.headers.get("content-type") != "application/x-protobuf":
                    raise ValueError(f"content-type: {self.headers.get('content-type')}")
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                receiver.take("http/protobuf", body)
                status, answer = 200, ANSWER
            except Exception as error:  # whatever it is, it is to be reported
                receiver.fault(f"HTTP: {error!r}")
                status, answer = 400, b""
            self.send_response(status)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _body(self):
            if self.headers.get("transfer-encoding") != "chunked":
                return self.rfile.read(int(self.headers["content-length"]))
            chunks = []
            while length := int(self.rfile.readline().split(b";")[0], 16):
                chunks.append(self.rfile.read(length))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)

        def log_message(self, *_):
            pass

    return Handler


def decoded(request):
    """Each span of a request, with what is wrong with it by itself."""
    for resource_spans in request.resource_spans:
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                faults = []
                yield _span(span, scope_spans.scope, resource_spans.resource, faults), faults


def _span(span, scope, resource, faults):
    def attributes(pairs):
        if len({pair.key for pair in pairs}) != len(pairs):
            faults.append(f"{span.name}: the same key twice in {[pair.key for pair in pairs]}")
        return {pair.key: value_of(pair.value) for pair in pairs}

    if len(span.trace_id) != 16 or not any(span.trace_id):
        faults.append(f"{span.name}: no trace id: {span.trace_id.hex()!r}")
    if len(span.span_id) != 8 or not any(span.span_id):
        faults.append(f"{span.name}: no span id: {span.span_id.hex()!r}")
    if len(span.parent_span_id) not in (0, 8):
        faults.append(f"{span.name}: no parent span id: {span.parent_span_id.hex()!r}")
    if not 0 < span.start_time_unix_nano <= span.end_time_unix_nano:
        faults.append(f"{span.name}: from {span.start_time_unix_nano} to {span.end_time_unix_nano}")
    return Span(
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        # Eight zero bytes would be no parent either.
        parent=span.parent_span_id.hex() if any(span.parent_span_id) else "",
        name=span.name,
        kind=KINDS.get(span.kind, str(span.kind)),
        start=span.start_time_unix_nano,
        end=span.end_time_unix_nano,
        status=STATUSES.get(span.status.code, str(span.status.code)),
        description=span.status.message,
        attributes=attributes(span.attributes),
        events=[Event(event.name, attributes(event.attributes)) for event in span.events],
        scope=(scope.name, scope.version),
        resource=attributes(resource.attributes),
        flags=span.flags,
        state=span.trace_state,
        links=tuple(
            Link(link.trace_id.hex(), link.span_id.hex(), attributes(link.attributes))
            for link in span.links
        ),
        dropped_links=span.dropped_links_count,
    )


def value_of(value):
    match value.WhichOneof("value"):
        case None:
            return None
        case "array_value":
            return [value_of(each) for each in value.array_value.values]
        case "kvlist_value":
            return {pair.key: value_of(pair.value) for pair in value.kvlist_value.values}
        case scalar:
            return getattr(value, scalar)
