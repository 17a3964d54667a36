use otel_runtime::traced;

#[traced(min_duration = "5m")]
fn f() {}

fn main() {}
