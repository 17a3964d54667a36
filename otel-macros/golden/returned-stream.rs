#[traced]
fn rows(&self, id: u64) -> impl Stream<Item = u64> + '_ { self.0.query(id) }
