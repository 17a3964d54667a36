use otel_runtime::traced;

const SHARE: f64 = 1.5;

#[traced(sample = SHARE)]
fn f() {}

fn main() {}
