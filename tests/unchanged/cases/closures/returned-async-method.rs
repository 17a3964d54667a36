//! A closure in an `Ok` that an async method returns may hold what `self` holds.
use otel_runtime::traced;

struct Shop<T>(T);

impl<T: Copy + Into<u64>> Shop<T> {
    #[traced]
    async fn counter(&self) -> Result<impl Fn(&str, T) -> u64 + use<'_, T>, String> {
        let own = self.0.into();
        Ok(move |text: &str, more: T| own + more.into() + text.len() as u64)
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?}", Shop(1_u32).counter().await.map(|counter| counter("abc", 1)));
}
