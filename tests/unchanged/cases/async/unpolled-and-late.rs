//! Nothing runs before the first poll, and what is made early may be awaited late.
use otel_runtime::traced;

#[traced(attrs(id))]
async fn told(id: u8) -> u8 {
    println!("runs {id}");
    id
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let first = told(1);
    let second = told(2);
    println!("made");
    println!("{}", second.await);
    println!("{}", first.await);
    drop(told(3));
}
