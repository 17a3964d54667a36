//! What leaves of attributes that are not encoded yet: those of a resource, of a scope?

use opentelemetry::{Array, InstrumentationScope, KeyValue, StringValue, Value};
use opentelemetry_sdk::Resource;

use super::redactor::{KeyRule, Place, Redacted, Redactor};

impl Redactor {
    /// What leaves of these attributes.
    pub(crate) fn attributes(
        &self,
        attributes: impl IntoIterator<Item = KeyValue>,
    ) -> Vec<KeyValue> {
        let left = |it: KeyValue| {
            let rule = self.key(it.key.as_str());
            self.key_value(it, &rule)
        };
        attributes.into_iter().filter_map(left).collect()
    }

    /// What leaves of a resource, all of whose keys are listed beforehand.
    pub(crate) fn resource(&self, resource: &Resource) -> Resource {
        if self.is_off() {
            return resource.clone();
        }
        let left = resource.iter().filter_map(|(key, value)| {
            let rule = self.key(key.as_str()).listed();
            self.key_value(KeyValue::new(key.clone(), value.clone()), &rule)
        });
        let left: Vec<_> = left.collect();
        match resource.schema_url() {
            Some(url) => Resource::builder_empty().with_schema_url(left, url.to_owned()).build(),
            None => Resource::builder_empty().with_attributes(left).build(),
        }
    }

    /// What leaves in place of a scope, if not all of it may.
    pub(crate) fn scope(&self, scope: &InstrumentationScope) -> Option<InstrumentationScope> {
        let text = |text: &str| {
            self.text(Place::Name { of: "scope.name", is_static: true }, text).or_placeholder()
        };
        let name = text(scope.name());
        let version = scope.version().and_then(text);
        let schema_url = scope.schema_url().and_then(text);
        let attributes: Vec<KeyValue> = scope.attributes().cloned().collect();
        let left = self.attributes(attributes.iter().cloned());
        if name.is_none() && version.is_none() && schema_url.is_none() && attributes == left {
            return None;
        }
        let name = name.unwrap_or_else(|| scope.name().to_owned());
        let mut builder = InstrumentationScope::builder(name).with_attributes(left);
        if let Some(version) = version.or_else(|| scope.version().map(str::to_owned)) {
            builder = builder.with_version(version);
        }
        if let Some(url) = schema_url.or_else(|| scope.schema_url().map(str::to_owned)) {
            builder = builder.with_schema_url(url);
        }
        Some(builder.build())
    }

    fn key_value(&self, attribute: KeyValue, rule: &KeyRule) -> Option<KeyValue> {
        let key = attribute.key.as_str();
        let value = self.value(Place::Attribute { key, rule, system: None }, &attribute.value)?;
        match &rule.key {
            Redacted::Kept => Some(KeyValue::new(attribute.key, value)),
            Redacted::Replaced(other) => Some(KeyValue::new(other.clone(), value)),
            Redacted::Dropped => None,
        }
    }

    /// `None` if nothing leaves.
    fn value(&self, place: Place<'_>, value: &Value) -> Option<Value> {
        let left = |redacted, value: &Value| match redacted {
            Redacted::Kept => Some(value.clone()),
            Redacted::Replaced(text) => Some(text.into()),
            Redacted::Dropped => None,
        };
        match value {
            Value::String(text) => left(self.text(place, text.as_str()), value),
            Value::I64(number) => left(self.number(place, *number), value),
            Value::F64(number) => left(self.float(place, *number), value),
            Value::Bool(_) => left(self.plain(place), value),
            Value::Array(Array::String(texts)) if !texts.is_empty() => {
                let texts = texts.iter().map(|text| match self.text(place, text.as_str()) {
                    Redacted::Kept => Some(text.clone()),
                    Redacted::Replaced(other) => Some(StringValue::from(other)),
                    Redacted::Dropped => None,
                });
                Some(Value::Array(Array::String(texts.collect::<Option<_>>()?)))
            }
            Value::Array(Array::I64(all)) if !all.is_empty() => {
                numbers_leave(value, all.iter().map(|it| self.number(place, *it)))
            }
            Value::Array(Array::F64(all)) if !all.is_empty() => {
                numbers_leave(value, all.iter().map(|it| self.float(place, *it)))
            }
            // OpenTelemetry may add types of values, which cannot be looked at.
            other => left(self.plain(place), other),
        }
    }
}

/// Numbers of which one does not leave do not leave: a text in its place would be of another type.
fn numbers_leave(value: &Value, mut numbers: impl Iterator<Item = Redacted>) -> Option<Value> {
    numbers.all(|it| it == Redacted::Kept).then(|| value.clone())
}
