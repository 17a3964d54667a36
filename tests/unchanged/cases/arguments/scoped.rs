//! `scoped` leaves the function as it is, whatever its values are: borrowed, moved later, dropped or panicking.
use otel_runtime::traced;

struct Noisy(&'static str);
impl Drop for Noisy {
    fn drop(&mut self) {
        println!("drops {}", self.0);
    }
}
impl Noisy {
    #[traced(scoped(shard = self.0, upper = self.0.to_uppercase(), missing = None::<u8>))]
    fn method(&self, values: Vec<u8>) -> usize {
        values.len()
    }
}

#[traced(scoped(tenant.id = %tenant, name = ?first.0), attrs(tenant))]
fn sync(tenant: String, first: Noisy, _: Noisy) -> String {
    drop(first);
    tenant
}
#[traced(scoped(tenant, length = values.len()), root)]
async fn later(tenant: &str, values: Vec<u8>, kept: Noisy) -> Result<Vec<u8>, String> {
    tokio::task::yield_now().await;
    if tenant.is_empty() { Err("nobody".to_owned()) } else { Ok(values) }
}
#[traced(scoped(tenant))]
fn made(tenant: u8) -> impl std::future::Future<Output = u8> {
    async move { tenant }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", Noisy("method").method(vec![1]));
    println!("{}", sync("a".to_owned(), Noisy("first"), Noisy("second")));
    println!("{:?}", later("a", vec![2], Noisy("kept")).await);
    println!("{:?}", later("", vec![2], Noisy("kept")).await);
    println!("{}", made(3).await);
}
