use otel_runtime::traced;

#[traced(scope(tenant))]
fn load(tenant: u64) {}

fn main() {}
