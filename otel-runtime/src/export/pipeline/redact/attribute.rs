//! What leaves of an attribute?

use super::edit::{Change, edit};
use super::keys::Keys;
use crate::privacy::{KeyRule, Place, Redacted, Redactor};
use crate::record::wire::{Field, Message, Reader};
use crate::record::{Limits, field, lookup};

/// Changes the attributes of one span, and those of its events and links.
pub(super) struct Attributes<'a> {
    pub(super) redactor: &'a Redactor,
    pub(super) limits: &'a Limits,
    pub(super) keys: &'a mut Keys,
    /// All fields of the span.
    pub(super) span: &'a [u8],
    /// Whether something else stands in place of a key.
    pub(super) has_new_key: bool,
}

impl Attributes<'_> {
    /// `KeyValue`
    pub(super) fn attribute(&mut self, message: &[u8]) -> Change {
        let mut fields = Reader::new(message);
        let (
            Some((field::key_value::KEY, Field::Bytes(key))),
            Some((field::key_value::VALUE, Field::Bytes(any))),
        ) = (fields.next(), fields.next())
        else {
            return Change::Drop;
        };
        let Some((key, rule)) = self.keys.rule(key, self.redactor) else { return Change::Drop };
        let value =
            Value { redactor: self.redactor, limits: self.limits, rule, key, span: self.span };
        let any = value.any(any);
        let key = match &rule.key {
            Redacted::Kept => match any {
                Change::Keep => return Change::Keep,
                _ => key,
            },
            Redacted::Replaced(other) => {
                self.has_new_key = true;
                other.as_str()
            }
            Redacted::Dropped => return Change::Drop,
        };
        let any = match &any {
            Change::Keep => self::any(message),
            Change::Replace(any) => any,
            Change::Drop => return Change::Drop,
        };
        let mut message = Vec::with_capacity(key.len() + any.len() + 8);
        message.bytes(field::key_value::KEY, key.as_bytes());
        message.bytes(field::key_value::VALUE, any);
        Change::Replace(message)
    }
}

/// The value of a `KeyValue`.
fn any(message: &[u8]) -> &[u8] {
    match Reader::new(message).nth(1) {
        Some((_, Field::Bytes(any))) => any,
        _ => &[],
    }
}

/// What is to be known of the value of an attribute.
struct Value<'a> {
    redactor: &'a Redactor,
    limits: &'a Limits,
    rule: &'a KeyRule,
    key: &'a str,
    span: &'a [u8],
}

impl Value<'_> {
    /// `AnyValue`
    #[inline]
    fn any(&self, any: &[u8]) -> Change {
        match Reader::new(any).next() {
            Some((field::any_value::ARRAY, Field::Bytes(values))) => self.array(values),
            Some((number, field)) => self.scalar(number, field),
            None => self.change(self.redactor.plain(self.place()), None),
        }
    }

    /// What is no array.
    #[inline]
    fn scalar(&self, number: u32, field: Field<'_>) -> Change {
        let place = self.place();
        match (number, field) {
            (field::any_value::STRING, Field::Bytes(text)) => {
                let Ok(text) = str::from_utf8(text) else { return Change::Drop };
                self.change(self.redactor.text(place, text), Some(text))
            }
            (field::any_value::INT, Field::Number(number)) => {
                self.change(self.redactor.number(place, number.cast_signed()), None)
            }
            (field::any_value::DOUBLE, Field::Fixed64(bits)) => {
                self.change(self.redactor.float(place, f64::from_bits(bits)), None)
            }
            (field::any_value::BOOL, Field::Number(_)) => {
                self.change(self.redactor.plain(place), None)
            }
            // Nothing else is written.
            _ => Change::Drop,
        }
    }

    /// `ArrayValue`. If an element is dropped, so are the others: what is left would not be the list that was
    /// recorded.
    fn array(&self, values: &[u8]) -> Change {
        let mut is_dropped = self.must_stay_empty(values);
        let mut array = Vec::new();
        let is_changed = edit(values, 0, &mut array, |_, field| {
            let element = match field {
                Field::Bytes(any) => match Reader::new(any).next() {
                    Some((number, field)) => self.scalar(number, field),
                    None => Change::Keep,
                },
                _ => Change::Drop,
            };
            is_dropped |= element == Change::Drop;
            element
        });
        if is_dropped {
            return Change::Drop;
        }
        if !is_changed {
            return Change::Keep;
        }
        if !is_of_texts(values) {
            // A text in place of a number would be of another type than the others.
            return Change::Drop;
        }
        let mut any = Vec::with_capacity(array.len() + 4);
        any.bytes(field::any_value::ARRAY, &array);
        Change::Replace(any)
    }

    /// An empty array says little, but its key may not leave.
    fn must_stay_empty(&self, values: &[u8]) -> bool {
        values.is_empty() && self.redactor.plain(self.place()) == Redacted::Dropped
    }

    /// What leaves, within the limit: that of a text which is kept, too.
    #[inline]
    fn change(&self, redacted: Redacted, old: Option<&str>) -> Change {
        match redacted {
            Redacted::Kept => match old {
                Some(old) if self.limits.cut(old).len() < old.len() => text(self.limits.cut(old)),
                _ => Change::Keep,
            },
            Redacted::Replaced(new) => text(self.limits.cut(&new)),
            Redacted::Dropped => Change::Drop,
        }
    }

    #[inline]
    fn place(&self) -> Place<'_> {
        let is_of_database = self.key.starts_with("db.");
        let system = if is_of_database { lookup::text(self.span, SYSTEMS) } else { None };
        Place::Attribute { key: self.key, rule: self.rule, system }
    }
}

/// Where a span says which database it is: by the conventions of today, and by those before.
const SYSTEMS: &[&str] = &["db.system.name", "db.system"];

/// An `AnyValue` with this text.
fn text(text: &str) -> Change {
    let mut any = Vec::with_capacity(text.len() + 4);
    any.bytes(field::any_value::STRING, text.as_bytes());
    Change::Replace(any)
}

fn is_of_texts(values: &[u8]) -> bool {
    let first = Reader::new(values).next();
    let Some((_, Field::Bytes(any))) = first else { return true };
    matches!(Reader::new(any).next(), Some((field::any_value::STRING, _)))
}
