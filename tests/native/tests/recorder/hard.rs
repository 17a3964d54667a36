//! What does no program do, and does none the worse for having done?

use std::fmt;

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, ContextGuard, KeyValue};
use otel_runtime::traced;
use otel_tests::capture::SpanExt;

use super::capture;

#[test]
fn of_ten_megabytes_as_much_arrives_as_can_be_looked_at_for_secrets() {
    #[traced(attrs(text))]
    fn listed(text: &str) {}
    #[traced]
    fn late(text: &str) {
        Context::current().span().set_attribute(KeyValue::new("text", text.to_owned()));
    }

    let text = "ö ".repeat(7 << 19);
    // Both are more than may be held at once.
    let spans = [capture(|| listed(&text)), capture(|| late(&text))];

    for span in spans.iter().flat_map(|spans| &spans.all) {
        let arrived = span.attribute("text").map(ToString::to_string).unwrap_or_default();
        let whole = arrived.strip_suffix('…').expect("it says that there was more");
        assert!(text.starts_with(whole), "{}", span.name);
        assert!((60_000..=65_536).contains(&whole.len()), "{}: {}", span.name, whole.len());
    }
    assert_eq!(spans.map(|spans| spans.all.len()), [1, 1]);
}

#[test]
fn of_ten_thousand_attributes_the_first_stay() {
    #[traced(attrs(listed = 1))]
    fn many() {
        for n in 0..10_000 {
            Context::current().span().set_attribute(KeyValue::new(format!("key {n}"), n));
        }
        Context::current().span().set_attribute(KeyValue::new("key 0", "changed"));
        Context::current().span().set_attribute(KeyValue::new("listed", 2));
    }

    let spans = capture(many);

    let span = spans.one("many");
    assert_eq!(span.attributes.len(), 128);
    assert_eq!(span.dropped_attributes_count, 10_000 - (128 - 4));
    assert_eq!(span.attribute("key 0"), Some(&"changed".into()));
    assert_eq!(span.attribute("listed"), Some(&2.into()));
    assert_eq!(span.attribute("key 123"), Some(&123.into()));
    assert_eq!(span.attribute("key 124"), None);
}

#[test]
fn what_is_recorded_may_be_traced_itself() {
    struct Traced;

    impl fmt::Display for Traced {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            inner();
            f.write_str("traced")
        }
    }

    #[traced]
    fn inner() {}
    #[traced(attrs(value = %Traced))]
    fn outer() {}
    #[traced]
    fn fails() -> Result<(), Traced> {
        Err(Traced)
    }

    let spans = capture(|| {
        outer();
        assert!(fails().is_err());
    });

    assert_eq!(spans.names().iter().filter(|name| **name == "inner").count(), 2);
    assert_eq!(spans.one("outer").attribute("value"), Some(&"traced".into()));
    assert_eq!(spans.one("fails").error(), Some("traced"));
}

#[test]
fn guards_of_contexts_go_in_any_order() {
    #[traced]
    fn returns_guard() -> ContextGuard {
        Context::current_with_value(1).attach()
    }
    #[traced]
    fn forgets() {
        std::mem::forget(Context::current_with_value(2).attach());
    }
    #[traced]
    fn crosses() {
        let first = Context::current_with_value(3).attach();
        let second = Context::current_with_value(4).attach();
        drop(first);
        forgets();
        drop(second);
    }

    let spans = capture(|| {
        std::thread::scope(|scope| {
            let context = Context::current();
            let work = move || {
                let _attached = context.attach();
                let guard = returns_guard();
                crosses();
                drop(guard);
                forgets();
                crosses();
            };
            scope.spawn(work).join().expect("no panic");
        });
    });

    let count = |name| spans.names().iter().filter(|it| **it == name).count();
    assert_eq!((count("returns_guard"), count("crosses"), count("forgets")), (1, 2, 3));
}
