use otel_runtime::traced;

#[traced(sample)]
fn f() {}

fn main() {}
