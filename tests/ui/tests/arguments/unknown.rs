use otel_runtime::traced;

#[traced(knd = server)]
fn f() {}

fn main() {}
