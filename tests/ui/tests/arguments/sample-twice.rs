use otel_runtime::traced;

#[traced(sample = 0.1, sample = 0.2)]
fn f() {}

fn main() {}
