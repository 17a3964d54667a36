use otel_runtime::traced;

#[traced(min_duration = "ms")]
fn f() {}

fn main() {}
