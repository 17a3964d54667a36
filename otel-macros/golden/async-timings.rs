#[traced(timings)]
async fn load(id: u64) -> Cart {
    fetch(id).await
}
