//! `#[must_use]` on a function and on its type warns whoever drops the result.
use otel_runtime::traced;

#[must_use = "a ticket is to be kept"]
#[traced]
fn ticket() -> u8 {
    1
}
#[traced]
#[must_use]
fn receipt() -> u8 {
    2
}
#[must_use]
struct Lock;
#[traced]
fn lock() -> Lock {
    Lock
}
#[traced]
fn fallible() -> Result<u8, String> {
    Ok(1)
}

pub fn main() {
    ticket();
    receipt();
    lock();
    fallible();
    println!("done");
}
