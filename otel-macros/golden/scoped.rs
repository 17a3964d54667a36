#[traced(parent = parent, attrs(id), scoped(tenant.id = tenant, self.shard), skip_pii)]
fn load(&self, parent: &Context, tenant: u64, id: u64) -> Cart {
    self.fetch(id)
}
