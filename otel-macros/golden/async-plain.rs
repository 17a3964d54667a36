#[traced]
async fn tick() {}
