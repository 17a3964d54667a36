use otel_runtime::traced;

#[traced(root, parent = context)]
fn f(context: &opentelemetry::Context) {
    let _ = context;
}

fn main() {}
