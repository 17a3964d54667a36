use otel_runtime::traced;

#[traced(min_duration = Duration::from_millis(5))]
fn f() {}

fn main() {}
