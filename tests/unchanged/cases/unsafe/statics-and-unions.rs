//! Mutable statics, unions and unsafe blocks around calls.
use otel_runtime::traced;
use std::cell::Cell;

union Bits {
    number: u32,
    bytes: [u8; 4],
}
thread_local!(static COUNT: Cell<u8> = const { Cell::new(0) });

#[traced]
fn bytes(number: u32) -> [u8; 4] {
    let bits = Bits { number };
    unsafe { bits.bytes }
}
#[traced]
fn counted() -> u8 {
    static CALLS: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(1);
    COUNT.with(|count| count.set(count.get() + 1));
    COUNT.with(Cell::get) + CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

pub fn main() {
    println!("{:?} {} {}", bytes(1).iter().sum::<u8>(), counted(), counted());
}
