//! What is dropped on the way of a panic, and in which order.
use otel_runtime::traced;
use std::panic::{AssertUnwindSafe, catch_unwind};

struct Loud(&'static str);
impl Drop for Loud {
    fn drop(&mut self) {
        println!("drops {}, {}", self.0, std::thread::panicking());
    }
}

#[traced]
fn panics(first: Loud, _: Loud, _second: Loud) {
    let _local = Loud("local");
    panic!("at {}", first.0);
}
#[traced]
fn fails(_first: Loud, _: Loud) -> Result<(), String> {
    let _local = Loud("local");
    None::<u8>.expect("nothing");
    Ok(())
}

pub fn main() {
    let ended = catch_unwind(AssertUnwindSafe(|| panics(Loud("a"), Loud("b"), Loud("c"))));
    println!("{}", ended.is_err());
    let ended = catch_unwind(AssertUnwindSafe(|| fails(Loud("a"), Loud("b"))));
    println!("{}", ended.is_err());
}
