use otel_runtime::traced;

#[traced(fold = 0)]
fn load() {}

fn main() {}
