use otel_runtime::traced;

#[traced(sample = -0.5)]
fn f() {}

fn main() {}
