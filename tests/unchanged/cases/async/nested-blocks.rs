//! Blocks of an async body: async ones, closures with them, `?` in each.
use otel_runtime::traced;

#[traced]
async fn nested(text: &str) -> Result<u8, String> {
    let inner = async { text.parse::<u8>().map_err(|error| error.to_string()) };
    let number = inner.await?;
    let doubled = async move {
        if number > 100 {
            return Err("large".to_owned());
        }
        Ok(number * 2)
    };
    let closure = |more: u8| async move { more + number };
    Ok(doubled.await? + closure(1).await)
}
#[traced]
async fn inferred() -> Vec<u16> {
    let mut list = Vec::new();
    for value in 0..3 {
        list.push(value);
        tokio::task::yield_now().await;
    }
    list.into_iter().rev().collect()
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?} {:?} {:?}", nested("3").await, nested("x").await, nested("101").await);
    println!("{:?}", inferred().await);
}
