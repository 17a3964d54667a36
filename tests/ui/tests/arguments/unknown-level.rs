use otel_runtime::traced;

#[traced(level = debgu)]
fn f() {}

fn main() {}
