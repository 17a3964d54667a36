#[traced(attrs(id))]
#[async_trait]
impl Store for Shop {
    async fn load(&self, id: u64) -> Result<Cart, StoreError> { fetch(id).await }
}
