use otel_runtime::traced;

#[traced(sample = share)]
fn f(share: f64) {}

fn main() {}
