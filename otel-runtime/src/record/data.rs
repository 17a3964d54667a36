//! How is a finished span converted to one of the SDK's, and one of the SDK's to ours?

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{Event, Link, SpanContext, SpanId, Status, TraceState};
use opentelemetry::{TraceFlags, TraceId};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

use super::attributes::{attributes, key_value};
use super::fields;
use super::wire::{Field, Message, Reader};
use super::{Fields, Finished, Limits, Origin, Span, field};

impl Finished {
    /// A span that the SDK recorded for another library.
    ///
    /// Of attributes with the same key, the last value stays, at the position of the first; and values
    /// are cut to the limit. The SDK does neither. What the SDK dropped is still counted.
    pub(crate) fn from_sdk(span: SpanData, limits: &Limits) -> (Self, Fields) {
        let SpanData {
            span_context,
            parent_span_id,
            parent_span_is_remote,
            span_kind,
            name,
            start_time,
            end_time,
            attributes,
            dropped_attributes_count,
            events,
            links,
            status,
            instrumentation_scope,
        } = span;

        let mut fields = Fields::new();
        fields::trace_state(&mut fields, field::span::TRACE_STATE, span_context.trace_state());
        fields.text(field::span::NAME, &name);
        let left_out = fields::attributes(
            &mut fields,
            field::span::ATTRIBUTES,
            &attributes,
            limits.attributes_per_span,
            limits,
        );
        let dropped = dropped_attributes_count.saturating_add(left_out);
        fields.number(field::span::DROPPED_ATTRIBUTES, u64::from(dropped));
        for Event { name, timestamp, attributes, dropped_attributes_count, .. } in &events.events {
            let time = fields::nanoseconds(*timestamp);
            fields::event(&mut fields, name, time, attributes, *dropped_attributes_count, limits);
        }
        fields.number(field::span::DROPPED_EVENTS, u64::from(events.dropped_count));
        for Link { span_context, attributes, dropped_attributes_count, .. } in &links.links {
            fields::link(&mut fields, span_context, attributes, *dropped_attributes_count, limits);
        }
        fields.number(field::span::DROPPED_LINKS, u64::from(links.dropped_count));
        fields::status(&mut fields, &status);

        let start = fields::nanoseconds(start_time);
        let finished = Finished {
            trace_id: span_context.trace_id(),
            span_id: span_context.span_id(),
            trace_flags: span_context.trace_flags(),
            parent_span_id,
            parent_span_is_remote,
            kind: span_kind,
            start,
            end: fields::nanoseconds(end_time).max(start),
            origin: Origin::Library(Arc::new(instrumentation_scope)),
            named: true,
            placed: true,
        };
        (finished, fields)
    }
}

impl From<Span<'_>> for SpanData {
    /// What cannot be read is left out.
    fn from(Span { finished, fields }: Span<'_>) -> Self {
        let (name, place) = finished.common();
        let mut trace_state = TraceState::NONE;
        let mut data = SpanData {
            span_context: SpanContext::NONE,
            parent_span_id: finished.parent_span_id,
            parent_span_is_remote: finished.parent_span_is_remote,
            span_kind: finished.kind.clone(),
            name: Cow::Borrowed(name),
            start_time: time(finished.start),
            end_time: time(finished.end),
            attributes: attributes(place).collect(),
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: Status::Unset,
            instrumentation_scope: finished.origin.scope().clone(),
        };
        for (number, field) in Reader::new(fields) {
            match (number, field) {
                (field::span::NAME, Field::Bytes(name)) => data.name = text(name).into(),
                (field::span::TRACE_STATE, Field::Bytes(header)) => {
                    trace_state = self::trace_state(header);
                }
                (field::span::ATTRIBUTES, Field::Bytes(attribute)) => {
                    data.attributes.extend(key_value(attribute));
                }
                (field::span::DROPPED_ATTRIBUTES, Field::Number(dropped)) => {
                    data.dropped_attributes_count = count(dropped);
                }
                (field::span::EVENTS, Field::Bytes(event)) => {
                    data.events.events.push(self::event(event));
                }
                (field::span::DROPPED_EVENTS, Field::Number(dropped)) => {
                    data.events.dropped_count = count(dropped);
                }
                (field::span::LINKS, Field::Bytes(link)) => data.links.links.push(self::link(link)),
                (field::span::DROPPED_LINKS, Field::Number(dropped)) => {
                    data.links.dropped_count = count(dropped);
                }
                (field::span::STATUS, Field::Bytes(status)) => data.status = self::status(status),
                _ => {}
            }
        }
        data.span_context = SpanContext::new(
            finished.trace_id,
            finished.span_id,
            finished.trace_flags,
            false,
            trace_state,
        );
        data
    }
}

fn event(message: &[u8]) -> Event {
    let mut event = Event::new("", UNIX_EPOCH, Vec::new(), 0);
    for field in Reader::new(message) {
        match field {
            (field::event::TIME, Field::Fixed64(nanoseconds)) => {
                event.timestamp = time(nanoseconds);
            }
            (field::event::NAME, Field::Bytes(name)) => event.name = text(name).into(),
            (field::event::ATTRIBUTES, Field::Bytes(attribute)) => {
                event.attributes.extend(key_value(attribute));
            }
            (field::event::DROPPED_ATTRIBUTES, Field::Number(dropped)) => {
                event.dropped_attributes_count = count(dropped);
            }
            _ => {}
        }
    }
    event
}

fn link(message: &[u8]) -> Link {
    let (mut trace_id, mut span_id) = (TraceId::INVALID, SpanId::INVALID);
    let (mut trace_flags, mut remote) = (0, false);
    let mut trace_state = TraceState::NONE;
    let (mut attributes, mut dropped) = (Vec::new(), 0);
    for field in Reader::new(message) {
        match field {
            (field::link::TRACE_ID, Field::Bytes(id)) => {
                trace_id = id.try_into().map_or(TraceId::INVALID, TraceId::from_bytes);
            }
            (field::link::SPAN_ID, Field::Bytes(id)) => {
                span_id = id.try_into().map_or(SpanId::INVALID, SpanId::from_bytes);
            }
            (field::link::TRACE_STATE, Field::Bytes(header)) => {
                trace_state = self::trace_state(header);
            }
            (field::link::ATTRIBUTES, Field::Bytes(attribute)) => {
                attributes.extend(key_value(attribute));
            }
            (field::link::DROPPED_ATTRIBUTES, Field::Number(number)) => dropped = count(number),
            (field::link::FLAGS, Field::Fixed32(flags)) => {
                (trace_flags, remote) = fields::from_flags(flags);
            }
            _ => {}
        }
    }
    let trace_flags = TraceFlags::new(trace_flags);
    let to = SpanContext::new(trace_id, span_id, trace_flags, remote, trace_state);
    Link::new(to, attributes, dropped)
}

fn status(message: &[u8]) -> Status {
    let (mut code, mut description) = (0, String::new());
    for field in Reader::new(message) {
        match field {
            (field::status::MESSAGE, Field::Bytes(message)) => description = text(message),
            (field::status::CODE, Field::Number(number)) => code = number,
            _ => {}
        }
    }
    match code {
        fields::STATUS_OK => Status::Ok,
        fields::STATUS_ERROR => Status::error(description),
        _ => Status::Unset,
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn trace_state(header: &[u8]) -> TraceState {
    str::from_utf8(header).ok().and_then(|header| header.parse().ok()).unwrap_or_default()
}

fn time(nanoseconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(nanoseconds)
}

fn count(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
