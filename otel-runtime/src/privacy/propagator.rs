//! How is what must not leave taken out of the baggage that is sent to other services?

use opentelemetry::Context;
use opentelemetry::baggage::{Baggage, BaggageExt, BaggageMetadata};
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};

use super::redactor::{Place, Redacted, Redactor};

/// A propagator by which no baggage leaves that must not leave the process: an entry goes out without the value in
/// which something was found, or not at all if it was found in the key.
///
/// [`init`](crate::init) puts it around all formats. It is for a program that has set up OpenTelemetry by itself:
///
/// ```
/// use otel_runtime::context::BaggagePropagator;
/// use otel_runtime::opentelemetry::global;
/// use otel_runtime::privacy::{Mode, RedactingPropagator, Redactor};
///
/// let propagator = RedactingPropagator::new(BaggagePropagator::default(), Redactor::new(Mode::Secrets));
/// global::set_text_map_propagator(propagator);
/// ```
///
/// It looks at the baggage on the thread that sends it, each time; without baggage it costs nothing. What comes in
/// stays as it is, and so does the baggage of the context. Baggage has no list: in
/// [`Mode::AllowList`](super::Mode::AllowList) it is looked at as in [`Mode::Personal`](super::Mode::Personal).
#[derive(Debug)]
pub struct RedactingPropagator<P> {
    propagator: P,
    redactor: Redactor,
}

impl<P> RedactingPropagator<P> {
    /// Sends, by `propagator`, what `redactor` leaves of baggage.
    pub fn new(propagator: P, redactor: Redactor) -> RedactingPropagator<P> {
        RedactingPropagator { propagator, redactor }
    }

    /// `None` if all of it may leave.
    fn redacted(&self, baggage: &Baggage) -> Option<Baggage> {
        let mut left = Baggage::new();
        let mut is_changed = false;
        for (key, (value, metadata)) in baggage {
            let rule = self.redactor.key(key.as_str()).listed();
            let place = Place::Attribute { key: key.as_str(), rule: &rule, system: None };
            if !rule.key.is_kept() {
                is_changed = true;
                continue;
            }
            let value = match self.redactor.text(place, value.as_str()) {
                Redacted::Kept => value.clone(),
                Redacted::Replaced(text) => {
                    is_changed = true;
                    text.into()
                }
                Redacted::Dropped => {
                    is_changed = true;
                    continue;
                }
            };
            let is_kept = self.redactor.text(Place::Baggage, metadata.as_str()).is_kept();
            is_changed |= !is_kept;
            let metadata = if is_kept { metadata.clone() } else { BaggageMetadata::default() };
            left.insert_with_metadata(key.clone(), value, metadata);
        }
        is_changed.then_some(left)
    }
}

impl<P: TextMapPropagator> TextMapPropagator for RedactingPropagator<P> {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        let baggage = context.baggage();
        let left = if baggage.is_empty() || self.redactor.is_off() {
            None
        } else {
            self.redacted(baggage)
        };
        match left {
            None => self.propagator.inject_context(context, injector),
            Some(left) => self.propagator.inject_context(&context.with_baggage(left), injector),
        }
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        self.propagator.extract_with_context(context, extractor)
    }

    fn fields(&self) -> FieldIter<'_> {
        self.propagator.fields()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use opentelemetry::KeyValue;

    use super::*;
    use crate::context::BaggagePropagator;
    use crate::privacy::Mode;

    fn sent(mode: Mode, baggage: &[(&'static str, &'static str)]) -> Option<String> {
        let entries = baggage.iter().map(|(key, value)| KeyValue::new(*key, *value));
        let context = Context::new().with_baggage(entries);
        let mut headers = HashMap::new();
        RedactingPropagator::new(BaggagePropagator::default(), Redactor::new(mode))
            .inject_context(&context, &mut headers);
        headers.remove("baggage")
    }

    #[test]
    fn baggage_that_may_leave_is_sent_as_it_is() {
        for mode in Mode::ALL {
            assert_eq!(
                sent(mode, &[("tenant.id", "7"), ("tier", "gold")]).as_deref(),
                Some("tenant.id=7,tier=gold")
            );
            assert_eq!(sent(mode, &[]), None);
        }
    }

    #[test]
    fn a_secret_in_baggage_is_not_sent_to_other_services() {
        let baggage = [
            ("note", "the card 4539578763621486"),
            ("tier", "gold"),
            ("card.4539578763621486", "x"),
        ];
        let sent = |mode| sent(mode, &baggage).expect("a header");
        assert!(sent(Mode::Off).contains("4539578763621486"));
        for mode in [Mode::Secrets, Mode::Personal, Mode::AllowList] {
            let sent = sent(mode);
            assert!(sent.contains("tier=gold") && !sent.contains("4539578763621486"), "{sent}");
            assert!(sent.contains("note=the%20card"), "{sent}");
        }
    }
}
