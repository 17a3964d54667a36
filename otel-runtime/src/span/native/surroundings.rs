//! What does a span take over from the context that it starts in?

use opentelemetry::baggage::BaggageExt;
use opentelemetry::{Context, KeyValue, Value};

use super::open::OpenSpan;
use crate::context;
use crate::context::scoped::Scoped;
use crate::context::values::Values;
use crate::span::callsite::Description;

/// The scope that a call opens by `scoped(...)`, with all of the scope around it. `None` if it opens none.
pub(super) fn opened(base: Option<&Context>, scoped: Vec<KeyValue>) -> Option<Scoped> {
    if scoped.is_empty() {
        return None;
    }
    look(base, |context| Scoped::new(Values::scoped(context), scoped)).flatten()
}

impl OpenSpan {
    /// Sets the attributes of the scope that it starts in, and then those from baggage, except those that it
    /// has, and under `skip_pii` those whose key is personal. The scope is `opened`, or else that of `base`
    /// or of the current context.
    pub(super) fn inherit_all(
        &mut self,
        base: Option<&Context>,
        opened: Option<&Scoped>,
        description: &Description,
    ) {
        look(base, |context| {
            let scoped = opened.or_else(|| Values::scoped(context));
            for KeyValue { key, value, .. } in scoped.map(Scoped::attributes).unwrap_or_default() {
                if description.takes(key.as_str()) {
                    self.inherit(key.as_str(), value);
                }
            }
            let Some(keys) = &self.native.baggage else { return };
            for (key, value) in keys.chosen(context.baggage()) {
                if description.takes(key.as_str()) {
                    self.inherit(key.as_str(), &Value::String(value.clone()));
                }
            }
        });
    }
}

/// The result of `look` for `base`, or else for the current context.
fn look<R>(base: Option<&Context>, look: impl FnOnce(&Context) -> R) -> Option<R> {
    match base {
        Some(base) => Some(look(base)),
        None => context::current::map(look),
    }
}
