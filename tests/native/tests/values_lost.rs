//! How many values did spans go without, because what was to say them panicked?

use opentelemetry::trace::SpanContext;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use otel_runtime::traced;

#[derive(Debug)]
struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

#[traced(attrs(first = items[0], count = items.len()))]
fn attribute(items: &[u64]) {
    let _ = items;
}

#[traced(name = names[0].to_owned())]
fn name(names: &[&str]) {
    let _ = names;
}

#[traced(links(std::iter::from_fn(|| -> Option<SpanContext> { panic!("no spans") })))]
fn links() {}

#[traced(ret(first = |items| items[0]))]
fn part(items: Vec<u64>) -> Vec<u64> {
    items
}

#[test]
fn a_value_that_panics_is_counted_and_the_call_goes_on() {
    let telemetry = otel_runtime::builder().exporter(Nowhere).init().expect("nothing is installed");
    let lost = |call: &dyn Fn()| {
        let before = telemetry.stats().values_lost;
        call();
        telemetry.stats().values_lost - before
    };

    assert_eq!(lost(&|| attribute(&[1])), 0);
    assert_eq!(lost(&|| attribute(&[])), 1);
    assert_eq!(lost(&|| name(&[])), 1);
    assert_eq!(lost(&|| links()), 1);
    assert_eq!(lost(&|| drop(part(Vec::new()))), 1);
    let [exporter] = &telemetry.exporters()[..] else { panic!("one exporter") };
    assert_eq!(exporter.stats.values_lost, 0, "they are the program's, not an exporter's");
}
