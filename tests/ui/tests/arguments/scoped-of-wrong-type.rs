use otel_runtime::traced;

struct Tenant;

#[traced(scoped(tenant))]
fn load(tenant: Tenant) {}

fn main() {}
