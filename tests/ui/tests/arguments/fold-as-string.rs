use otel_runtime::traced;

#[traced(fold = "100")]
fn load() {}

fn main() {}
