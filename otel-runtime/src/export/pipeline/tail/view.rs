//! What does a policy see of a span of ours?

use opentelemetry::trace::SpanKind;

use crate::record::Span;
use crate::record::fields::Scalar;
use crate::record::lookup::{Found, elements};
use crate::sampling::ParentKind;
use crate::sampling::tail::{AttributeValue, FinishedSpan, Single};

/// A finished span, whose fields are encoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a>(pub(super) Span<'a>);

impl FinishedSpan for View<'_> {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn kind(&self) -> SpanKind {
        self.0.finished.kind.clone()
    }

    fn parent(&self) -> ParentKind {
        if self.0.begins_trace() {
            ParentKind::None
        } else if self.0.finished.parent_span_is_remote {
            ParentKind::Remote
        } else {
            ParentKind::Local
        }
    }

    fn is_error(&self) -> bool {
        self.0.is_error()
    }

    fn start(&self) -> u64 {
        self.0.finished.start
    }

    fn end(&self) -> u64 {
        self.0.finished.end
    }

    fn any_value(&self, key: &str, test: &mut dyn FnMut(AttributeValue<'_>) -> bool) -> bool {
        match self.0.attribute(key) {
            None => false,
            Some(Found::One(value)) => test(AttributeValue::Whole(single(value))),
            Some(Found::Array(array)) => {
                elements(array).any(|value| test(AttributeValue::Element(single(value))))
            }
        }
    }
}

fn single(value: Scalar<'_>) -> Single<'_> {
    match value {
        Scalar::Bool(value) => Single::Bool(value),
        Scalar::Int(value) => Single::I64(value),
        Scalar::Double(value) => Single::F64(value),
        Scalar::String(text) => Single::Text(text),
    }
}
