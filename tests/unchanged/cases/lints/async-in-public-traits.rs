//! Async methods of public traits are warned about.
use otel_runtime::traced;

pub trait Load {
    #[traced]
    async fn load(&self) -> u8 {
        1
    }
    fn sync(&self);
}
pub struct Store;
impl Load for Store {
    #[traced]
    fn sync(&self) {}
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    Store.sync();
    println!("{}", Store.load().await);
}
