//! What the attribute makes needs no name of the caller's, whatever these are.
use otel_runtime::traced;

mod core {}
mod std {}
#[allow(non_camel_case_types)]
struct bool;
struct Option;
struct Vec;
trait Into {}
#[allow(dead_code)]
fn drop() {}

#[traced(attrs(id))]
fn named(id: u64) -> u64 {
    id
}
#[traced]
async fn later(id: u64) -> u64 {
    id
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let _ = (bool, Option, Vec);
    println!("{} {}", named(1), later(2).await);
}
