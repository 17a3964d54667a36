use otel_runtime::traced;

#[traced(min_duration = "-5ms")]
fn f() {}

fn main() {}
