#[traced(attrs(id))]
fn load(id: u64) -> impl Future<Output = Result<impl Read, E>> + Send {
    count();
    async move { fetch(id).await }
}
