use otel_runtime::traced;

#[traced(kind = "server")]
fn f() {}

fn main() {}
