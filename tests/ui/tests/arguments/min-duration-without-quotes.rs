use otel_runtime::traced;

#[traced(min_duration = 1.5s)]
fn f() {}

fn main() {}
