//! Is the span of an annotated function one like any other, to whoever has its context?

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{SpanContext, Status, TraceContextExt, TraceFlags, TraceState};
use opentelemetry::{Context, KeyValue};
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, Spans, remote_parent};

use super::capture;

/// Long ago, and after `UNIX_EPOCH`.
fn then(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

#[traced(name = "work", attrs(id))]
fn work<R>(id: u32, body: impl FnOnce(&Context) -> R) -> R {
    body(&Context::current())
}

/// What `body` makes of the span of `work`.
fn of_work(body: impl FnOnce(&Context)) -> Spans {
    capture(|| work(1, body))
}

#[test]
fn it_has_its_context_and_records_until_it_ends() {
    let mut kept = None;
    let spans = of_work(|context| {
        assert!(context.span().is_recording());
        kept = Some(context.clone());
    });

    let (kept, ended) = (kept.expect("it was called"), spans.one("work"));
    let span = kept.span();
    assert!(!span.is_recording());
    assert_eq!(span.span_context().span_id(), ended.span_context.span_id());
    assert_eq!(span.span_context().trace_id(), spans.parent.trace_id());
    assert!(span.span_context().is_sampled());
    assert!(!span.span_context().is_remote());
}

#[test]
fn of_values_of_an_attribute_the_last_one_stays() {
    let spans = of_work(|context| {
        let span = context.span();
        span.set_attribute(KeyValue::new("late", 1));
        span.set_attributes([KeyValue::new("id", "changed"), KeyValue::new("more", true)]);
        span.set_attribute(KeyValue::new("late", 2.5));
    });

    let span = spans.one("work");
    assert_eq!(span.attribute("id"), Some(&"changed".into()));
    assert_eq!(span.attribute("late"), Some(&2.5.into()));
    assert_eq!(span.attribute("more"), Some(&true.into()));
    assert_eq!(span.attributes.len(), 3 + 3);
    assert_eq!(span.dropped_attributes_count, 0);
}

#[test]
fn its_place_can_be_told_otherwise() {
    let spans = capture(|| {
        work(1, |context| {
            context.span().set_attribute(KeyValue::new("code.line.number", 7));
        });
        // Not for the next span of the function.
        work(2, |context| context.span().update_name("next"));
    });

    let (changed, next) = (spans.one("work"), spans.one("next"));
    assert_eq!(changed.attribute("code.line.number"), Some(&7.into()));
    assert_eq!(changed.attributes.len(), 4);
    assert_eq!(next.attributes.len(), 4);
    assert_ne!(next.attribute("code.line.number"), Some(&7.into()));
    for key in ["code.function.name", "code.file.path"] {
        assert_eq!(changed.attribute(key), next.attribute(key), "{key}");
    }
}

#[test]
fn events_and_links_are_added_in_their_order() {
    let other = remote_parent();
    let spans = of_work(|context| {
        let span = context.span();
        let before = SystemTime::now();
        span.add_event("now", vec![KeyValue::new("a", 1)]);
        span.add_event_with_timestamp("then", then(5), Vec::new());
        span.record_error(&std::fmt::Error);
        span.add_link(other.clone(), vec![KeyValue::new("b", 2)]);
        assert!(before <= SystemTime::now());
    });

    let span = spans.one("work");
    let events: Vec<_> = span.events.iter().map(|event| event.name.as_ref()).collect();
    assert_eq!(events, ["now", "then", "exception"]);
    assert_eq!(span.events[0].attributes, [KeyValue::new("a", 1)]);
    assert!((span.start_time..=span.end_time).contains(&span.events[0].timestamp));
    assert_eq!(span.events[1].timestamp, then(5));
    assert_eq!(span.exceptions().len(), 1);
    assert_eq!(span.links[0].span_context, other);
    assert_eq!(span.links[0].attributes, [KeyValue::new("b", 2)]);
}

#[test]
fn of_statuses_an_error_takes_the_place_of_one_and_nothing_that_of_ok() {
    let after = |statuses: &[Status]| {
        let spans = of_work(|context| {
            for status in statuses {
                context.span().set_status(status.clone());
            }
        });
        spans.one("work").status.clone()
    };
    let (a, z) = (Status::error("a"), Status::error("z"));

    assert_eq!(after(&[]), Status::Unset);
    assert_eq!(after(&[z.clone(), a.clone()]), a);
    assert_eq!(after(&[a.clone(), z.clone()]), z);
    assert_eq!(after(&[z.clone(), Status::Unset]), z);
    assert_eq!(after(&[z.clone(), Status::error("")]), z, "nothing takes the place of a text");
    assert_eq!(after(&[z, Status::Ok]), Status::Ok);
    assert_eq!(after(&[Status::Ok, a, Status::Unset]), Status::Ok);
}

#[test]
fn a_span_that_is_ended_by_hand_ends_then_and_once() {
    let end = SystemTime::now() + Duration::from_secs(1000);
    let spans = of_work(|context| {
        let span = context.span();
        span.end_with_timestamp(end);
        assert!(!span.is_recording());
        span.set_attribute(KeyValue::new("late", 1));
        span.add_event("late", Vec::new());
        span.add_link(remote_parent(), Vec::new());
        span.set_status(Status::error("late"));
        span.update_name("late");
        span.end();
    });

    assert_eq!(spans.names(), ["work"]);
    let span = spans.one("work");
    assert_eq!(span.end_time, end);
    assert_eq!(span.keys(), ["id"]);
    assert_eq!((span.events.len(), span.links.len(), &span.status), (0, 0, &Status::Unset));
}

#[test]
fn a_failure_after_the_end_is_not_told() {
    #[traced]
    fn fails() -> Result<(), &'static str> {
        Context::current().span().end();
        Err("late")
    }

    let spans = capture(|| assert!(fails().is_err()));

    assert_eq!(spans.one("fails").status, Status::Unset);
    assert_eq!(spans.one("fails").events.len(), 0);
}

#[test]
fn it_does_not_end_before_it_began() {
    let spans = of_work(|context| context.span().end_with_timestamp(then(1)));

    let span = spans.one("work");
    assert_eq!(span.start_time, span.end_time);
}

#[test]
fn a_child_of_a_span_that_has_ended_is_recorded() {
    let spans = of_work(|context| {
        context.span().end();
        work(2, |context| context.span().update_name("child"));
    });

    assert_eq!(spans.parent_of("child"), "work");
}

#[test]
fn trace_state_and_flags_come_from_above() {
    let states = [("congo", "t61rcWkgMzE"), ("rojo", "00f067aa0ba902b7")];
    let state = TraceState::from_key_value(states).expect("it is valid");
    let above = remote_parent();
    let above = SpanContext::new(
        above.trace_id(),
        above.span_id(),
        // The second says that the trace id is random.
        TraceFlags::SAMPLED | TraceFlags::new(2),
        true,
        state.clone(),
    );

    let _ = capture(|| {
        let attached = Context::new().with_remote_span_context(above.clone()).attach();
        work(1, |_| {
            work(2, |context| assert_eq!(context.span().span_context().trace_state(), &state));
        });
        drop(attached);
    });

    let spans = Spans::of(above);
    assert_eq!(spans.all.len(), 2);
    for span in &spans.all {
        assert_eq!(span.span_context.trace_state(), &state);
        assert_eq!(span.span_context.trace_flags(), TraceFlags::new(3));
    }
    assert!(spans.all[1].parent_span_is_remote);
    assert!(!spans.all[0].parent_span_is_remote);
}
