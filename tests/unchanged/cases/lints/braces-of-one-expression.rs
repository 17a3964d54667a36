//! A body that is one block, a closure's call, or a block in a block.
use otel_runtime::traced;

#[traced]
fn block() -> u8 {
    { 1 }
}
#[traced]
async fn later() -> u8 {
    { 1 }
}
#[traced]
fn fallible() -> Result<u8, String> {
    { Ok(1) }
}
#[traced]
fn nested() -> u8 {{{ 2 }}}
#[traced]
fn unsafe_block() -> u8 {
    unsafe { 3 }
}
#[traced]
fn statement() {
    { println!("text") };
}

pub fn main() {
    println!("{} {} {}", block(), nested(), unsafe_block());
    statement();
}
