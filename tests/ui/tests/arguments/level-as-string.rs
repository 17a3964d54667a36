use otel_runtime::traced;

#[traced(level = "debug")]
fn f() {}

fn main() {}
