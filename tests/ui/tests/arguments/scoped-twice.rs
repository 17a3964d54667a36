use otel_runtime::traced;

#[traced(scoped(tenant), scoped(shard = 3))]
fn load(tenant: u64) {}

fn main() {}
