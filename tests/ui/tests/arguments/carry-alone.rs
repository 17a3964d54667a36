use otel_runtime::traced;

#[traced(carry)]
fn load() {}

fn main() {}
