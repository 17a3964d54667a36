//! A future that cannot be sent says what is held.
use otel_runtime::traced;

#[traced]
async fn held() {
    let count = std::rc::Rc::new(1);
    tokio::task::yield_now().await;
    drop(count);
}
fn sendable<T: Send>(_: T) {}
pub fn main() {
    sendable(held());
}
