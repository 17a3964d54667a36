"""Which metrics arrive? Takes in OTLP by gRPC, and decodes exponential histograms with the classes for Python."""

from dataclasses import dataclass

from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as service
from opentelemetry.proto.metrics.v1 import metrics_pb2

from listener import Listener
from receiver import value_of

TEMPORALITIES = {
    number: name.removeprefix("AGGREGATION_TEMPORALITY_").lower()
    for name, number in metrics_pb2.AggregationTemporality.items()
}


@dataclass(frozen=True)
class Exemplar:
    value: float
    trace: str
    span: str


@dataclass(frozen=True)
class Point:
    """A point of an exponential histogram, with the series that it is of."""

    name: str
    unit: str
    temporality: str
    scope: str
    resource: dict
    attributes: dict
    start: int
    time: int
    count: int
    sum: float
    # Without them in points of a stretch of time.
    min: float | None
    max: float | None
    scale: int
    zeros: int
    # How many values there are in each bucket that has any, by its index.
    buckets: dict
    exemplars: tuple

    @property
    def function(self):
        return self.attributes.get("code.function.name", "").rpartition("::")[2]

    @property
    def failed(self):
        return "error.type" in self.attributes

    @property
    def instance(self):
        return self.resource.get("service.instance.id")

    def bounds(self, index):
        """What a value in this bucket is more than, and what it is at most."""
        base = 2 ** (2**-self.scale)
        return base**index, base ** (index + 1)

    def __str__(self):
        return f"{self.instance}: {self.function} {self.attributes.get('error.type', '')}"


def listening():
    """Who takes in metrics: what arrives are points."""
    return Listener(
        "opentelemetry.proto.collector.metrics.v1.MetricsService",
        service.ExportMetricsServiceRequest,
        service.ExportMetricsServiceResponse,
        decoded,
    )


def decoded(request):
    """The points of exponential histograms, and what else there is."""
    points, others = [], []
    for of_resource in request.resource_metrics:
        for of_scope in of_resource.scope_metrics:
            for metric in of_scope.metrics:
                if metric.WhichOneof("data") != "exponential_histogram":
                    others.append(f"{metric.name} is a {metric.WhichOneof('data')}")
                for point in metric.exponential_histogram.data_points:
                    points.append(_point(point, metric, of_scope.scope, of_resource.resource))
    return points, others


def _point(point, metric, scope, resource):
    counts = enumerate(point.positive.bucket_counts, start=point.positive.offset)
    return Point(
        name=metric.name,
        unit=metric.unit,
        temporality=TEMPORALITIES[metric.exponential_histogram.aggregation_temporality],
        scope=scope.name,
        resource=_attributes(resource.attributes),
        attributes=_attributes(point.attributes),
        start=point.start_time_unix_nano,
        time=point.time_unix_nano,
        count=point.count,
        sum=point.sum,
        min=point.min if point.HasField("min") else None,
        max=point.max if point.HasField("max") else None,
        scale=point.scale,
        zeros=point.zero_count,
        buckets={index: count for index, count in counts if count},
        exemplars=tuple(
            Exemplar(exemplar.as_double, exemplar.trace_id.hex(), exemplar.span_id.hex())
            for exemplar in point.exemplars
        ),
    )


def _attributes(pairs):
    return {pair.key: value_of(pair.value) for pair in pairs}
