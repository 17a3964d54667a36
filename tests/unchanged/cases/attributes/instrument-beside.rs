//! `#[tracing::instrument]` above and below, with patterns among the parameters.
use otel_runtime::traced;
use tracing::instrument;

#[derive(Debug)]
struct Query(u8);

#[traced]
#[instrument]
fn below(Query(value): Query, _spare: u8) -> u8 {
    value
}
#[instrument(skip_all, fields(id = %value))]
#[traced(attrs(value))]
async fn above(value: u8, _: u8) -> Result<u8, String> {
    tokio::task::yield_now().await;
    Ok(value)
}
#[traced(err = ?)]
#[instrument(err(Debug), ret)]
async fn later((a, b): (u8, u8)) -> Result<u8, String> {
    a.checked_sub(b).ok_or_else(|| "negative".to_owned())
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {:?} {:?}", below(Query(1), 2), above(3, 4).await, later((1, 2)).await);
}
