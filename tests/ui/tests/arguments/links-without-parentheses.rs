use otel_runtime::traced;

#[traced(links = message)]
fn f(message: opentelemetry::Context) {
    drop(message);
}

fn main() {}
