use otel_runtime::traced;

#[traced(min_duration = "0.5ns")]
fn f() {}

fn main() {}
