//! How do the counts of calls become one request?
//!
//! One metric, `otel_runtime.function.duration`: an exponential histogram in seconds, with a point for each
//! function and `error.type`. How many calls there were is the count of a point.
//!
//! Specification: [OTLP metrics](https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram).

use std::time::SystemTime;

use bytes::Bytes;
use opentelemetry::InstrumentationScope;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1 as common;
use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Exemplar, ExponentialHistogram, ExponentialHistogramDataPoint, Metric,
    ResourceMetrics, ScopeMetrics, exemplar,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;

use crate::export::settings::Temporality;
use crate::metrics::buckets::{Packed, seconds};
use crate::metrics::exemplar::Exemplar as Call;
use crate::metrics::total::Total;
use crate::privacy::{Place, Redacted, Redactor};
use crate::record::fields::nanoseconds;

const NAME: &str = "otel_runtime.function.duration";
const DESCRIPTION: &str = "Duration of calls of annotated functions, sampled or not.";

/// From when to when the calls were counted.
pub(crate) struct Period {
    pub(crate) since: SystemTime,
    pub(crate) until: SystemTime,
    pub(crate) temporality: Temporality,
}

/// What all requests have in common.
pub(crate) struct MetricsEncoder {
    redactor: Redactor,
    resource: Resource,
    schema_url: String,
}

impl MetricsEncoder {
    /// The resource leaves as it is; of all else, what `redactor` leaves of it.
    pub(crate) fn new(
        redactor: Redactor,
        resource: &opentelemetry_sdk::Resource,
    ) -> MetricsEncoder {
        MetricsEncoder {
            redactor,
            resource: resource.into(),
            schema_url: resource.schema_url().unwrap_or_default().to_owned(),
        }
    }

    /// One request with all these.
    pub(crate) fn encode(&self, totals: &[Total], period: &Period) -> Bytes {
        let mut scopes: Vec<(&InstrumentationScope, Vec<ExponentialHistogramDataPoint>)> =
            Vec::new();
        for total in &self.redacted(totals) {
            let scope = total.function.scope;
            let path = self.name(total.function.path);
            let point = point(total, path.as_deref(), period);
            match scopes.iter_mut().find(|(known, _)| std::ptr::eq(*known, scope)) {
                Some((_, points)) => points.push(point),
                None => scopes.push((scope, vec![point])),
            }
        }
        let scope_metrics = scopes.into_iter().map(|(scope, points)| ScopeMetrics {
            scope: {
                let scope = self.redactor.scope(scope).unwrap_or_else(|| scope.clone());
                Some((scope, None).into())
            },
            metrics: vec![metric(points, period.temporality)],
            schema_url: String::new(),
        });
        let resource_metrics = ResourceMetrics {
            resource: Some(self.resource.clone()),
            scope_metrics: scope_metrics.collect(),
            schema_url: self.schema_url.clone(),
        };
        let request = ExportMetricsServiceRequest { resource_metrics: vec![resource_metrics] };
        request.encode_to_vec().into()
    }
}

/// What error types leave as that may not leave, by the
/// [conventions](https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/#error-type).
const OTHER: &str = "_OTHER";

impl MetricsEncoder {
    /// The same, with the error types that may leave. Of those that are told alike, one has all calls.
    fn redacted(&self, totals: &[Total]) -> Vec<Total> {
        let mut left: Vec<Total> = Vec::with_capacity(totals.len());
        let key = self.redactor.key("error.type");
        let place = Place::Attribute { key: "error.type", rule: &key, system: None };
        for total in totals {
            let redacted = total.error_type.as_deref().map(|it| self.redactor.text(place, it));
            let error_type = match redacted {
                None | Some(Redacted::Kept) => {
                    left.push(total.clone());
                    continue;
                }
                Some(Redacted::Replaced(text)) => text.into(),
                Some(_) => OTHER.into(),
            };
            let total = Total { error_type: Some(error_type), ..total.clone() };
            match left.iter_mut().find(|it| it.is_of_same(&total)) {
                Some(same) => same.add(&total),
                None => left.push(total),
            }
        }
        left
    }

    /// What leaves in place of a function's name, if it may not.
    fn name(&self, path: &str) -> Option<String> {
        let place = Place::Name { of: "code.function.name", is_static: true };
        self.redactor.text(place, path).or_placeholder()
    }
}

fn metric(data_points: Vec<ExponentialHistogramDataPoint>, temporality: Temporality) -> Metric {
    let temporality = match temporality {
        Temporality::Cumulative => AggregationTemporality::Cumulative,
        Temporality::Delta => AggregationTemporality::Delta,
    };
    Metric {
        name: NAME.to_owned(),
        description: DESCRIPTION.to_owned(),
        unit: "s".to_owned(),
        metadata: Vec::new(),
        data: Some(Data::ExponentialHistogram(ExponentialHistogram {
            data_points,
            aggregation_temporality: temporality.into(),
        })),
    }
}

fn point(total: &Total, path: Option<&str>, period: &Period) -> ExponentialHistogramDataPoint {
    let durations = &total.durations;
    let Packed { scale, offset, counts } = durations.packed();
    let (min, max) = durations.range().unzip();
    let error_type = total.error_type.as_deref().map(|value| text("error.type", value));
    ExponentialHistogramDataPoint {
        attributes: error_type
            .into_iter()
            .chain([text("code.function.name", path.unwrap_or(total.function.path))])
            .collect(),
        start_time_unix_nano: nanoseconds(period.since),
        time_unix_nano: nanoseconds(period.until),
        count: durations.count(),
        sum: Some(seconds(durations.sum())),
        scale,
        zero_count: durations.zeros(),
        positive: Some(Buckets { offset, bucket_counts: counts }),
        negative: None,
        flags: 0,
        exemplars: total.exemplars.iter().map(exemplar).collect(),
        min: min.map(seconds),
        max: max.map(seconds),
        zero_threshold: 0.0,
    }
}

fn exemplar(call: &Call) -> Exemplar {
    Exemplar {
        filtered_attributes: Vec::new(),
        time_unix_nano: call.time,
        span_id: call.span_id.to_bytes().to_vec(),
        trace_id: call.trace_id.to_bytes().to_vec(),
        value: Some(exemplar::Value::AsDouble(seconds(call.nanoseconds))),
    }
}

fn text(key: &str, value: &str) -> common::KeyValue {
    let value = common::any_value::Value::StringValue(value.to_owned());
    common::KeyValue {
        key: key.to_owned(),
        value: Some(common::AnyValue { value: Some(value) }),
        ..common::KeyValue::default()
    }
}
