use otel_runtime::traced;

#[traced(carry = "no")]
fn load() {}

fn main() {}
