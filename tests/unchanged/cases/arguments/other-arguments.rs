//! `min_duration`, `fold`, `timings`, `scope`, `root`, `carry` and `ret` leave the function as it is.
use otel_runtime::traced;

#[traced(min_duration = "1ns", fold = 1, scope = "shop", root)]
fn sync(values: Vec<u8>) -> Vec<u8> {
    values
}
#[traced(timings, scope = "shop.later", ret = ?)]
async fn later(values: Vec<u8>) -> Result<Vec<u8>, String> {
    tokio::task::yield_now().await;
    Ok(values)
}
#[traced(carry = false, ret(len = |values| values.len()))]
fn spawned(values: Vec<u8>) -> Vec<u8> {
    std::thread::spawn(move || values).join().unwrap()
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?} {:?} {:?}", sync(vec![1]), later(vec![2]).await, spawned(vec![3]));
}
