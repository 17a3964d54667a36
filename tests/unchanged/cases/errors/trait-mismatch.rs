//! A method that is not as its trait says.
use otel_runtime::traced;

trait Load {
    fn load(&self, id: u64) -> u8;
}
struct Store;
impl Load for Store {
    #[traced]
    fn load(&self, id: u32) -> u8 {
        1
    }
}
pub fn main() {}
