//! An async method that is not as its trait says.
use otel_runtime::traced;

trait Load {
    async fn later(&self) -> u8;
}
struct Store;
impl Load for Store {
    #[traced]
    async fn later(&self) -> u16 {
        1
    }
}
pub fn main() {}
