use otel_runtime::traced;

#[traced(fold)]
fn load() {}

fn main() {}
