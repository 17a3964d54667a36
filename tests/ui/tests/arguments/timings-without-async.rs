use otel_runtime::traced;

#[traced(timings)]
fn f() {}

fn main() {}
