use otel_runtime::traced;

#[traced(err = ?)]
fn f() {}

fn main() {}
