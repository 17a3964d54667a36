//! What would a policy do with these spans?

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry::{Array, KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

use super::super::ot;
use super::super::rules::ParentKind;
use super::super::threshold::Threshold;
use super::decide::Decision;
use super::policy::TailPolicy;
use super::seen::{AttributeValue, FinishedSpan, Single, Totals};
use super::state::{ThresholdChange, randomness};

/// What a policy would do with a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    is_kept: bool,
    reason: String,
    threshold: Option<Threshold>,
}

impl Verdict {
    /// Whether the trace is kept.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// The rule that kept or dropped it, by its name in the counters; `no_rule`, `limited` or `larger_than_burst`, if
    /// none kept it.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The threshold in the trace state of what is kept: for how many traces it stands. `None` if nobody knows, and
    /// for a trace that is dropped.
    #[must_use]
    pub fn threshold(&self) -> Option<Threshold> {
        self.threshold
    }
}

impl TailPolicy {
    /// What becomes of a trace of these spans: for tests of a policy, and to try it on traffic.
    ///
    /// `now` is the time since any moment, always the same, by which rates get their tokens. The bytes of a span are
    /// those of its texts and 64 more, about as many as it takes when it is sent.
    #[must_use]
    pub fn verdict(&self, spans: &[SpanData], now: Duration) -> Verdict {
        let first = spans.first().map(|span| &span.span_context);
        let totals = Totals {
            spans: u64::try_from(spans.len()).unwrap_or(u64::MAX),
            bytes: spans.iter().map(bytes).sum(),
            randomness: first.map_or_else(
                || randomness(opentelemetry::TraceId::INVALID, ""),
                |context| randomness(context.trace_id(), &context.trace_state().header()),
            ),
        };
        let before = first.and_then(|context| ot::read(context.trace_state()).threshold);
        let name = |reason: super::Reason| self.reasons()[reason.index()].clone();
        match self.decide(&spans.iter(), &totals, now) {
            Decision::Keep { reason, threshold } => Verdict {
                is_kept: true,
                reason: name(reason),
                threshold: match threshold {
                    ThresholdChange::AsItWas => before,
                    ThresholdChange::Stricter(threshold) => before.map(|it| it.max(threshold)),
                    ThresholdChange::Removed => None,
                },
            },
            Decision::Drop { reason } => {
                Verdict { is_kept: false, reason: name(reason), threshold: None }
            }
        }
    }
}

fn bytes(span: &SpanData) -> u64 {
    let attributes = span.attributes.iter();
    let texts: usize =
        attributes.map(|it| it.key.as_str().len() + it.value.as_str().len() + 8).sum();
    u64::try_from(64 + span.name.len() + texts).unwrap_or(u64::MAX)
}

impl FinishedSpan for &SpanData {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> SpanKind {
        self.span_kind.clone()
    }

    fn parent(&self) -> ParentKind {
        match (self.parent_span_id, self.parent_span_is_remote) {
            (SpanId::INVALID, _) => ParentKind::None,
            (_, true) => ParentKind::Remote,
            (_, false) => ParentKind::Local,
        }
    }

    fn is_error(&self) -> bool {
        matches!(self.status, Status::Error { .. })
    }

    fn start(&self) -> u64 {
        nanoseconds(self.start_time)
    }

    fn end(&self) -> u64 {
        nanoseconds(self.end_time)
    }

    fn any_value(&self, key: &str, test: &mut dyn FnMut(AttributeValue<'_>) -> bool) -> bool {
        let is_it = |attribute: &&KeyValue| attribute.key.as_str() == key;
        let Some(attribute) = self.attributes.iter().rfind(is_it) else { return false };
        let mut element = |value| test(AttributeValue::Element(value));
        match &attribute.value {
            Value::Bool(value) => test(AttributeValue::Whole(Single::Bool(*value))),
            Value::I64(value) => test(AttributeValue::Whole(Single::I64(*value))),
            Value::F64(value) => test(AttributeValue::Whole(Single::F64(*value))),
            Value::String(value) => test(AttributeValue::Whole(Single::Text(value.as_str()))),
            Value::Array(Array::Bool(values)) => values.iter().any(|it| element(Single::Bool(*it))),
            Value::Array(Array::I64(values)) => values.iter().any(|it| element(Single::I64(*it))),
            Value::Array(Array::F64(values)) => values.iter().any(|it| element(Single::F64(*it))),
            Value::Array(Array::String(values)) => {
                values.iter().any(|it| element(Single::Text(it.as_str())))
            }
            // A kind of value that is not known yet.
            _ => false,
        }
    }
}

fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
