use otel_runtime::traced;

#[traced(fold = 4294967296)]
fn load() {}

fn main() {}
