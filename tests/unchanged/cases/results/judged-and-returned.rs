//! The closures of `err`, `ok_if`, `error_if` and `ret` look at the result, and leave it.
use otel_runtime::traced;

#[traced(err = |error| error.len(), ret(half = |value| value.as_ref().map_or(0, |value| value / 2)))]
fn halved(value: u64) -> Result<u64, String> {
    if value > 9 { Err("large".to_owned()) } else { Ok(value) }
}

#[traced(error_if = |status| *status >= 500, ret)]
async fn status(code: u16) -> u16 {
    tokio::task::yield_now().await;
    code + 1
}

#[traced(ok_if = |list| list.is_some(), ret = ?)]
fn listed(list: Option<Vec<String>>) -> Option<Vec<String>> {
    list.filter(|list| !list.is_empty())
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?} {:?} {}", halved(4), halved(10), status(499).await);
    println!("{:?} {:?}", listed(Some(vec!["a".to_owned()])), listed(None));
}
