//! Imports and items of a body that nobody uses.
use otel_runtime::traced;

#[traced]
fn body() -> u8 {
    use std::collections::HashMap;
    const UNUSED: u8 = 1;
    struct Unused;
    fn unused() {}
    1
}
#[traced]
async fn later() -> Result<u8, String> {
    use std::collections::BTreeMap;
    fn unused() {}
    let unused_closure = || 1;
    Ok(1)
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {:?}", body(), later().await);
}
