use otel_runtime::traced;

#[traced(min_duration)]
fn f() {}

fn main() {}
