#[traced(attrs(shard = self.shard), skip_pii)]
impl<const N: usize> Store for Shop<{ N + 1 }> {
    const SIZE: usize = { 1 };
    type Cart = Vec<u8>;
    const fn size() -> usize { 1 }
    fn load(&self) -> u64 { 1 }
    #[traced(name = "stored", attrs(shard = 2, id), skip_pii = false)]
    default fn store(&self, id: u64) {}
    #[traced(off)]
    fn left_out(&self) {}
    made_elsewhere! { fn other(&self) {} }
}
