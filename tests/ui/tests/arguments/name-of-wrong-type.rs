use otel_runtime::traced;

#[traced(name = 7)]
fn f() {}

fn main() {}
