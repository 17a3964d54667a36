use otel_runtime::traced;

#[traced(level)]
fn f() {}

fn main() {}
