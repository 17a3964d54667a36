//! What is said of the signature of an async function is said there, whatever stands above it.
use otel_runtime::traced;

mod inner {
    use super::*;
    struct Private;
    #[traced]

    pub async fn taken(_: &Private) {}
    #[traced]

    #[inline]
    pub async fn returned() -> Option<Private> {
        None
    }
    #[traced]

    pub async fn bounded<T: Into<Private>>(
        _: T,
    ) -> u8 {
        1
    }
    #[traced]
    #[allow(async_fn_in_trait)]
    pub trait Load {

        async fn later(&self) -> u8 {
            let camelCase = 1;
            camelCase
        }
    }
    #[traced]

    async fn unused(&mut self_: &mut u8) -> u8 {
        self_
    }
}

#[traced]
fn used() {}

pub fn main() {
    used();
    println!("done");
}
