use otel_runtime::traced;

#[traced(fold = 100u8)]
fn load() {}

fn main() {}
