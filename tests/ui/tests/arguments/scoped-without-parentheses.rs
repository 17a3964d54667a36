use otel_runtime::traced;

#[traced(scoped = tenant)]
fn load(tenant: u64) {}

fn main() {}
