"""Which records of logs arrive? Takes in OTLP by gRPC, and decodes it with the classes generated for Python."""

from dataclasses import dataclass

from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as service

from listener import Listener
from receiver import value_of


@dataclass(frozen=True)
class Record:
    body: object
    severity: str
    trace: str
    span: str
    flags: int
    attributes: dict
    scope: str
    resource: dict

    @property
    def service(self):
        return self.resource.get("service.name")

    def __str__(self):
        return f"{self.service}: {self.severity} {self.body!r} of {self.trace}/{self.span}"


def listening():
    """Who takes in logs: what arrives are records."""
    return Listener(
        "opentelemetry.proto.collector.logs.v1.LogsService",
        service.ExportLogsServiceRequest,
        service.ExportLogsServiceResponse,
        decoded,
    )


def decoded(request):
    """The records of a request, and what is wrong with them by themselves."""
    records, faults = [], []

    def attributes(pairs):
        if len({pair.key for pair in pairs}) != len(pairs):
            faults.append(f"the same key twice in {[pair.key for pair in pairs]}")
        return {pair.key: value_of(pair.value) for pair in pairs}

    for of_resource in request.resource_logs:
        for of_scope in of_resource.scope_logs:
            for record in of_scope.log_records:
                if not (record.time_unix_nano or record.observed_time_unix_nano):
                    faults.append(f"{value_of(record.body)!r} has no time")
                records.append(
                    Record(
                        body=value_of(record.body),
                        severity=record.severity_text,
                        trace=record.trace_id.hex(),
                        span=record.span_id.hex(),
                        flags=record.flags,
                        attributes=attributes(record.attributes),
                        scope=of_scope.scope.name,
                        resource=attributes(of_resource.resource.attributes),
                    )
                )
    return records, faults
