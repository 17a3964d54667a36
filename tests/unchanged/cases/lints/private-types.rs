//! Types that are less visible than the function are warned about.
use otel_runtime::traced;

mod inner {
    use super::*;
    struct Private;
    #[traced]
    pub fn private() -> Private {
        Private
    }
    #[traced]
    pub fn takes(_: Private) {}
    #[traced]
    pub fn bounded<T: Bound>(_: T) {}
    trait Bound {}
}

#[traced]
fn used() {}

pub fn main() {
    used();
    println!("done");
}
