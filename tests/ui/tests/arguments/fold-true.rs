use otel_runtime::traced;

#[traced(fold = true)]
fn load() {}

fn main() {}
