use otel_runtime::traced;

#[traced(fold = 1, fold = 2)]
fn load() {}

fn main() {}
