use otel_runtime::traced;

#[traced(scope)]
fn f() {}

fn main() {}
