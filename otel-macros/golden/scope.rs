#[traced(scope = "shop.http")]
fn handle() {}
