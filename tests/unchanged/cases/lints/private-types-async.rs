//! Types that are less visible than the async function are warned about at its name.
use otel_runtime::traced;

mod inner {
    use super::*;
    struct Private;
    #[traced]
    pub async fn later(_: &Private) -> u8 {
        1
    }
}

#[traced]
fn used() {}

pub fn main() {
    used();
    println!("done");
}
