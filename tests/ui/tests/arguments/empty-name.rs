use otel_runtime::traced;

#[traced(name = "")]
fn f() {}

fn main() {}
