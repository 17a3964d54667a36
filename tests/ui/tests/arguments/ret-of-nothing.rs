use otel_runtime::traced;

#[traced(ret)]
fn f() {}

fn main() {}
