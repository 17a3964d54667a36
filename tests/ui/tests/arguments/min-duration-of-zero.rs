use otel_runtime::traced;

#[traced(min_duration = "0ms")]
fn f() {}

fn main() {}
