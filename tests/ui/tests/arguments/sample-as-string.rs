use otel_runtime::traced;

#[traced(sample = "10%")]
fn f() {}

fn main() {}
