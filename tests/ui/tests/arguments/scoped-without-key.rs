use otel_runtime::traced;

#[traced(scoped(tenant + 1, shard))]
fn load(tenant: u64, shard: u64) {}

fn main() {}
