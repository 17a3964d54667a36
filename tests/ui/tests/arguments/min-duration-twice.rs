use otel_runtime::traced;

#[traced(min_duration = "5ms", min_duration = "6ms")]
fn f() {}

fn main() {}
