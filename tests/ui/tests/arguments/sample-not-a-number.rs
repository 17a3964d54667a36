use otel_runtime::traced;

#[traced(sample = f64::NAN)]
fn f() {}

fn main() {}
