//! Async methods of traits, with and without a default.
use otel_runtime::traced;

trait Load {
    async fn load(&self, id: u64) -> Result<String, String>;
    #[traced]
    async fn twice(&self, id: u64) -> String {
        let first = self.load(id).await.unwrap_or_default();
        first + &self.load(id + 1).await.unwrap_or_else(|error| error)
    }
}
struct Store<'a>(&'a [&'static str]);
impl Load for Store<'_> {
    #[traced(attrs(id))]
    async fn load(&self, id: u64) -> Result<String, String> {
        tokio::task::yield_now().await;
        self.0.get(id as usize).map(|text| text.to_string()).ok_or_else(|| format!("no {id}"))
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let store = Store(&["a", "b"]);
    println!("{} {}", store.twice(0).await, store.twice(1).await);
}
