#[traced(annotate, attrs(id, rows = %rows.len()), skip_pii)]
async fn load(id: u64, rows: &[Row]) -> Result<Cart, Missing> {
    find(id, rows).await
}
