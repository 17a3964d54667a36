//! Needless semicolons, and values that are dropped at once.
use otel_runtime::traced;

struct Guard;
impl Drop for Guard {
    fn drop(&mut self) {
        println!("drops");
    }
}

#[traced]
fn semicolons() {
    println!("one");;
    if true {};
}
#[traced]
fn at_once() -> Result<(), String> {
    let _ = Guard;
    drop(&Guard);
    std::mem::forget(1);
    Ok(())
}
#[traced]
fn compared(x: u8) -> bool {
    x >= 0
}

pub fn main() {
    semicolons();
    println!("{:?} {}", at_once(), compared(1));
}
