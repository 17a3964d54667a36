use otel_runtime::traced;

#[traced(kind = sever)]
fn f() {}

fn main() {}
