use otel_runtime::traced;

#[traced(crate = missing)]
fn f() {}

fn main() {}
