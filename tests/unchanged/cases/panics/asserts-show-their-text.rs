//! The message of an `assert!` shows the text of the program.
use otel_runtime::traced;

#[traced]
fn started() {
    assert!(std::thread::spawn(|| 1).join().unwrap() == 2)
}

#[traced]
fn compared(left: u8) -> Result<(), String> {
    debug_assert!({ left } < 3 && left + 1 != 4, "left is {}", left);
    assert_eq!(left, 2);
    Ok(())
}

pub fn main() {
    println!("{}", std::panic::catch_unwind(started).is_err());
    println!("{}", std::panic::catch_unwind(|| compared(3)).is_err());
    println!("{}", std::panic::catch_unwind(|| compared(1)).is_err());
}
