use otel_runtime::traced;

#[traced(scoped(tenant, tenant = 3))]
fn load(tenant: u64) {}

fn main() {}
