//! What of that leaves which all spans of a function have in common?

use std::ptr;
use std::sync::Arc;

use opentelemetry::InstrumentationScope;

use super::attribute::Attributes;
use super::edit::{Change, edit};
use super::keys::Keys;
use crate::privacy::{Place, Redactor};
use crate::record::wire::{Field, Message};
use crate::record::{Finished, Function, Limits, Origin, field};

/// The functions whose spans were seen, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Origins {
    functions: Vec<Option<Known>>,
}

#[derive(Debug)]
struct Known {
    function: &'static Function,
    /// `None` if all of it may leave.
    instead: Option<Box<Instead>>,
}

/// What leaves in place of a function's.
#[derive(Debug)]
struct Instead {
    name: String,
    /// Its `code.*` attributes, as fields.
    place: Vec<u8>,
    scope: Arc<InstrumentationScope>,
}

impl Origins {
    /// Looks at what is common to the spans of the origin. If not all of it may leave, the span gets its own name,
    /// attributes and scope, and the fields for that are appended to `out`.
    #[inline]
    pub(super) fn look(&mut self, finished: &mut Finished, redactor: &Redactor, out: &mut Vec<u8>) {
        match &finished.origin {
            Origin::Function(function) => {
                if let Some(instead) = self.instead(function, redactor) {
                    if !finished.named {
                        out.text(field::span::NAME, &instead.name);
                    }
                    if !finished.placed {
                        out.put(&instead.place);
                    }
                    (finished.named, finished.placed) = (true, true);
                    finished.origin = Origin::Library(Arc::clone(&instead.scope));
                }
            }
            Origin::Library(scope) => {
                if let Some(scope) = redactor.scope(scope) {
                    finished.origin = Origin::Library(Arc::new(scope));
                }
            }
        }
    }

    #[inline]
    fn instead(&mut self, function: &'static Function, redactor: &Redactor) -> Option<&Instead> {
        let index = function.number as usize;
        let is_known = matches!(self.functions.get(index), Some(Some(known)) if ptr::eq(known.function, function));
        if !is_known {
            if index >= self.functions.len() {
                self.functions.resize_with(index + 1, || None);
            }
            let instead = Instead::of(function, redactor).map(Box::new);
            self.functions[index] = Some(Known { function, instead });
        }
        self.functions[index].as_ref()?.instead.as_deref()
    }
}

impl Instead {
    #[cold]
    fn of(function: &'static Function, redactor: &Redactor) -> Option<Instead> {
        let name = redactor.text(Place::Name { of: "span.name", is_static: true }, function.name);
        let name = name.or_placeholder();
        let mut place = Vec::new();
        let mut attributes = Attributes {
            redactor,
            // Those of the program count when a span is recorded.
            limits: &Limits::default(),
            keys: &mut Keys::default(),
            span: &function.place,
            has_new_key: false,
        };
        let is_moved = edit(&function.place, 0, &mut place, |_, field| match field {
            Field::Bytes(attribute) => attributes.attribute(attribute),
            _ => Change::Drop,
        });
        let scope = redactor.scope(function.scope);
        if name.is_none() && !is_moved && scope.is_none() {
            return None;
        }
        Some(Instead {
            name: name.unwrap_or_else(|| function.name.to_owned()),
            place: if is_moved { place } else { function.place.to_vec() },
            scope: Arc::new(scope.unwrap_or_else(|| function.scope.clone())),
        })
    }
}
