use otel_runtime::traced;

#[traced(kind)]
fn f() {}

fn main() {}
