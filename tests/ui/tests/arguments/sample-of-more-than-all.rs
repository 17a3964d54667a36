use otel_runtime::traced;

#[traced(sample = 12.5)]
fn f() {}

fn main() {}
