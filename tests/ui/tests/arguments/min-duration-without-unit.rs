use otel_runtime::traced;

#[traced(min_duration = "5")]
fn f() {}

fn main() {}
