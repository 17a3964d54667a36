//! Unsafe functions and functions of another ABI.
use otel_runtime::traced;

#[traced]
unsafe fn read(pointer: *const u8) -> u8 {
    unsafe { *pointer }
}
#[traced]
extern "C" fn callback(value: i32, more: *mut i32) -> i32 {
    unsafe { *more += 1 };
    value + 1
}
#[traced]
unsafe extern "system" fn both(value: u16) -> u16 {
    value * 2
}
#[traced]
async unsafe fn later(pointer: &u8) -> u8 {
    let pointer: *const u8 = pointer;
    unsafe { read(pointer) }
}
fn call(callback: extern "C" fn(i32, *mut i32) -> i32) -> i32 {
    let mut more = 1;
    callback(1, &mut more) + more
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let value = 3;
    let pointer: unsafe fn(*const u8) -> u8 = read;
    println!("{} {}", unsafe { pointer(&value) }, call(callback));
    println!("{} {}", unsafe { both(4) }, unsafe { later(&5) }.await);
}
