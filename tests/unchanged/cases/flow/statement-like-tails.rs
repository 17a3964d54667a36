//! A body that begins with what looks like a statement is read as one.
use otel_runtime::traced;

#[traced]
fn signed(value: i32) -> i32 {
    if value > 3 { println!("large") }
    -value
}
#[traced]
fn pointed(value: &i32) -> i32 {
    { println!("block") }
    *value
}
#[traced]
async fn tupled(value: i32) -> (i32, i32) {
    match value { _ => println!("match") }
    (value, value)
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {} {:?}", signed(4), pointed(&5), tupled(6).await);
}
