use otel_runtime::traced;

#[traced(colour = blue)]
fn f() {}

fn main() {}
