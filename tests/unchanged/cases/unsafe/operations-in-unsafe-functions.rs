//! An unsafe operation in an unsafe function is warned about, as of edition 2024.
use otel_runtime::traced;

#[traced]
unsafe fn read(pointer: *const u8) -> u8 {
    *pointer
}
#[traced]
unsafe fn failed(pointer: *const u8) -> Result<u8, String> {
    Ok(*pointer)
}
#[traced]
async unsafe fn later(pointer: &u8) -> u8 {
    read(pointer)
}
#[traced]
fn needless(value: u8) -> u8 {
    unsafe { value }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {:?}", unsafe { read(&1) }, unsafe { failed(&2) });
    println!("{} {}", unsafe { later(&3) }.await, needless(4));
}
