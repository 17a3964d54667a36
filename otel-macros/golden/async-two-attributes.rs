#[traced(attrs(user_id, email = %email))]
async fn load(user_id: u64, email: Address) -> Result<Cart, StoreError> {
    fetch(user_id).await
}
