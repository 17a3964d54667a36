use opentelemetry::Context;
use otel_runtime::traced;

#[traced(links(senders))]
fn f(senders: Box<dyn Iterator<Item = Context>>) {
    drop(senders);
}

fn main() {}
