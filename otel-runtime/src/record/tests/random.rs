//! Which spans may there be?

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{Event, Link, SpanContext, SpanId, SpanKind, Status, TraceState};
use opentelemetry::{Array, InstrumentationScope, KeyValue, TraceFlags, TraceId, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

use crate::record::{Fields, Finished, Function, Limits, Origin, field, fields};

/// Limits that no span here reaches.
const NO_LIMITS: Limits = Limits {
    attributes_per_span: u32::MAX,
    events_per_span: u32::MAX,
    links_per_span: u32::MAX,
    attributes_per_event: u32::MAX,
    attributes_per_link: u32::MAX,
    value_length: None,
};

/// The same span as the SDK's type and as ours.
pub(crate) struct Sample {
    pub(crate) data: SpanData,
    pub(crate) finished: Finished,
    pub(crate) fields: Fields,
}

impl Sample {
    pub(crate) fn new(data: SpanData) -> Self {
        let (finished, fields) = Finished::from_sdk(data.clone(), &NO_LIMITS);
        Sample { data, finished, fields }
    }
}

/// A root without anything.
pub(crate) fn plain() -> SpanData {
    SpanData {
        span_context: SpanContext::new(
            TraceId::from(1),
            SpanId::from(2),
            TraceFlags::SAMPLED,
            false,
            TraceState::NONE,
        ),
        parent_span_id: SpanId::INVALID,
        parent_span_is_remote: false,
        span_kind: SpanKind::Internal,
        name: "".into(),
        start_time: UNIX_EPOCH + Duration::from_secs(1_700_000_000),
        end_time: UNIX_EPOCH + Duration::from_secs(1_700_000_001),
        attributes: Vec::new(),
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: Status::Unset,
        instrumentation_scope: InstrumentationScope::default(),
    }
}

/// The same spans for the same seed.
pub(crate) struct Random {
    random: fastrand::Rng,
    nan: bool,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random { random: fastrand::Rng::with_seed(seed), nan: true }
    }

    /// Makes only numbers that equal themselves.
    pub(crate) fn without_nan(self) -> Self {
        Random { nan: false, ..self }
    }

    /// One time in so many.
    fn once_in(&mut self, times: u32) -> bool {
        self.random.u32(..times) == 0
    }

    pub(crate) fn up_to(&mut self, most: usize) -> usize {
        self.random.usize(..=most)
    }

    /// How many of something there are: mostly none or few.
    fn few(&mut self) -> usize {
        match self.random.u32(..100) {
            0 => self.random.usize(..150),
            1..30 => self.random.usize(..6),
            30..60 => 1,
            _ => 0,
        }
    }

    pub(crate) fn span(&mut self) -> Sample {
        let mut data = self.data();
        if self.random.bool() {
            data.instrumentation_scope = self.scope();
            return Sample::new(data);
        }

        let function = &functions()[self.random.usize(..functions().len())];
        let (named, placed) = (self.once_in(4), self.once_in(4));
        if !named {
            data.name = "".into();
        }
        let Sample { mut data, finished, fields } = Sample::new(data);
        if !named {
            data.name = function.name.into();
        }
        if !placed {
            let line = i64::try_from(function.name.len()).expect("names are short");
            data.attributes.splice(..0, place(line));
        }
        data.instrumentation_scope = function.scope.clone();
        let origin = Origin::Function(function);
        Sample { data, finished: Finished { origin, named, placed, ..finished }, fields }
    }

    /// Cuts the bytes somewhere, and changes a few of them.
    pub(crate) fn damage(&mut self, fields: &mut Fields) {
        fields.truncate(self.random.usize(..=fields.len()));
        for _ in 0..self.random.usize(..4).min(fields.len()) {
            let at = self.random.usize(..fields.len());
            fields[at] = self.random.u8(..);
        }
    }

    pub(crate) fn resource(&mut self) -> Resource {
        let attributes = self.attributes();
        let resource = Resource::builder_empty();
        if self.random.bool() {
            resource.with_schema_url(attributes, self.text()).build()
        } else {
            resource.with_attributes(attributes).build()
        }
    }

    fn data(&mut self) -> SpanData {
        let (start, end) = (self.nanoseconds(), self.nanoseconds());
        let mut data = SpanData {
            span_context: self.span_context(false),
            parent_span_id: self.span_id(),
            parent_span_is_remote: self.random.bool(),
            span_kind: self.kind(),
            name: self.text().into(),
            start_time: time(start.min(end)),
            end_time: time(start.max(end)),
            attributes: self.attributes(),
            dropped_attributes_count: self.dropped(),
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: self.status(),
            instrumentation_scope: InstrumentationScope::default(),
        };
        data.events.events = (0..self.few()).map(|_| self.event()).collect();
        data.events.dropped_count = self.dropped();
        data.links.links = (0..self.few()).map(|_| self.link()).collect();
        data.links.dropped_count = self.dropped();
        data
    }

    fn event(&mut self) -> Event {
        let at = time(self.nanoseconds());
        Event::new(self.text(), at, self.attributes(), self.dropped())
    }

    fn link(&mut self) -> Link {
        let remote = self.random.bool();
        Link::new(self.span_context(remote), self.attributes(), self.dropped())
    }

    fn span_context(&mut self, remote: bool) -> SpanContext {
        SpanContext::new(
            TraceId::from(self.random.u128(..)),
            self.span_id(),
            TraceFlags::new(self.random.u8(..)),
            remote,
            self.trace_state(),
        )
    }

    fn span_id(&mut self) -> SpanId {
        SpanId::from(if self.once_in(4) { 0 } else { self.random.u64(..) })
    }

    fn trace_state(&mut self) -> TraceState {
        let members = if self.random.bool() { 0 } else { self.random.usize(..32) };
        let member = |at| (format!("vendor{at}@system"), "v".repeat(self.random.usize(..20)));
        let members: Vec<_> = (0..members).map(member).collect();
        TraceState::from_key_value(members).expect("these members are valid")
    }

    fn kind(&mut self) -> SpanKind {
        match self.random.u32(..5) {
            0 => SpanKind::Internal,
            1 => SpanKind::Server,
            2 => SpanKind::Client,
            3 => SpanKind::Producer,
            _ => SpanKind::Consumer,
        }
    }

    fn status(&mut self) -> Status {
        match self.random.u32(..3) {
            0 => Status::Unset,
            1 => Status::Ok,
            _ => Status::error(self.text()),
        }
    }

    /// One of a few, which differ in one thing each.
    fn scope(&mut self) -> InstrumentationScope {
        let scopes = scopes();
        scopes[self.random.usize(..scopes.len())].clone()
    }

    fn attributes(&mut self) -> Vec<KeyValue> {
        let mut attributes: Vec<KeyValue> = Vec::new();
        for _ in 0..self.few() {
            let (key, value) = (self.text(), self.value());
            if attributes.iter().all(|attribute| attribute.key.as_str() != key) {
                attributes.push(KeyValue::new(key, value));
            }
        }
        attributes
    }

    fn value(&mut self) -> Value {
        let len = 1 + self.few();
        match self.random.u32(..12) {
            0 => Value::Bool(self.random.bool()),
            1 | 2 => Value::I64(self.int()),
            3 | 4 => Value::F64(self.double()),
            5 => Value::Array(Array::Bool((0..len).map(|_| self.random.bool()).collect())),
            6 => Value::Array(Array::I64((0..len).map(|_| self.int()).collect())),
            7 => Value::Array(Array::F64((0..len).map(|_| self.double()).collect())),
            // Only an empty array of strings is the same after it was converted there and back.
            8 => Value::Array(Array::String((1..len).map(|_| self.text().into()).collect())),
            _ => Value::String(self.text().into()),
        }
    }

    fn int(&mut self) -> i64 {
        let near = [0, -1, 1, 127, 128, 16_383, 16_384, i64::MIN, i64::MAX];
        if self.random.bool() { near[self.random.usize(..near.len())] } else { self.random.i64(..) }
    }

    fn double(&mut self) -> f64 {
        let special =
            [0.0, -0.0, f64::MIN, f64::MAX, f64::EPSILON, f64::INFINITY, f64::NEG_INFINITY];
        let double = match self.random.u32(..4) {
            0 => special[self.random.usize(..special.len())],
            1 => self.random.f64(),
            // Not-a-numbers of all kinds are among these.
            2 => f64::from_bits(self.random.u64(..) | 0x7ff0 << 48),
            _ => f64::from_bits(self.random.u64(..)),
        };
        if double.is_nan() && !self.nan { 0.5 } else { double }
    }

    fn text(&mut self) -> String {
        let len = match self.random.u32(..400) {
            0 => self.random.usize(..70_000),
            1..6 => self.random.usize(16_300..16_400),
            6..60 => self.random.usize(100..140),
            60..90 => 0,
            _ => self.random.usize(..20),
        };
        match self.random.u32(..4) {
            0 => (0..len.min(200)).map(|_| self.random.char(..)).collect(),
            // The same keys now and then.
            1 => ["", "key", "größe", "\0", "鍵", "🗝"][self.random.usize(..6)].to_owned(),
            _ => String::from(self.random.alphanumeric()).repeat(len),
        }
    }

    fn nanoseconds(&mut self) -> u64 {
        match self.random.u32(..12) {
            0 => 0,
            1 => u64::MAX,
            2 => self.random.u64(..),
            _ => 1_700_000_000_000_000_000 + self.random.u64(..1_000_000_000_000),
        }
    }

    fn dropped(&mut self) -> u32 {
        match self.random.u32(..8) {
            0 => u32::MAX,
            1 => self.random.u32(..),
            2 => self.random.u32(..300),
            _ => 0,
        }
    }
}

fn time(nanoseconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(nanoseconds)
}

fn place(line: i64) -> [KeyValue; 3] {
    [
        KeyValue::new("code.function.name", "shop::buy"),
        KeyValue::new("code.file.path", "src/shop.rs"),
        KeyValue::new("code.line.number", line),
    ]
}

fn scopes() -> &'static [InstrumentationScope] {
    static SCOPES: OnceLock<Vec<InstrumentationScope>> = OnceLock::new();
    SCOPES.get_or_init(|| {
        let shop = || InstrumentationScope::builder("shop");
        let all = [
            KeyValue::new("bool", true),
            KeyValue::new("int", -1),
            KeyValue::new("double", 0.25),
            KeyValue::new("string", "größe"),
            KeyValue::new("array", Value::Array(vec![1, -1].into())),
        ];
        vec![
            InstrumentationScope::default(),
            shop().build(),
            shop().with_version("").build(),
            shop().with_version("1.0").build(),
            shop().with_version("2.0").build(),
            shop().with_schema_url("https://opentelemetry.io/schemas/1.40.0").build(),
            shop().with_attributes(all.clone()).build(),
            shop().with_attributes([KeyValue::new("int", -2)]).build(),
            shop()
                .with_version("1.0")
                .with_schema_url("https://opentelemetry.io/schemas/1.41.0")
                .with_attributes(all)
                .build(),
            InstrumentationScope::builder("stock").with_version("1.0").build(),
        ]
    })
}

/// Functions of some of the scopes, two for each; one of them has a long name.
fn functions() -> &'static [Function] {
    static FUNCTIONS: OnceLock<Vec<Function>> = OnceLock::new();
    FUNCTIONS.get_or_init(|| {
        let scopes = scopes().iter().skip(1).step_by(2);
        let long: &'static str = "Cart::".repeat(30).leak();
        let function = |name: &'static str, scope| {
            let line = i64::try_from(name.len()).expect("names are short");
            let mut encoded = Fields::new();
            for KeyValue { key, value, .. } in place(line) {
                let key = key.as_str();
                fields::attribute(&mut encoded, field::span::ATTRIBUTES, key, &value, &NO_LIMITS);
            }
            Function {
                name,
                number: 0,
                path: name,
                scope,
                place: encoded.into_boxed_slice(),
                place_count: 3,
            }
        };
        scopes.flat_map(|scope| [function("buy", scope), function(long, scope)]).collect()
    })
}
