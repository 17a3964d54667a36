use otel_runtime::traced;

#[traced(fold = -1)]
fn load() {}

fn main() {}
