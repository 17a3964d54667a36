//! A thread that panics tells so with its own name, and its join tells it.
use otel_runtime::traced;

#[traced]
fn started() -> bool {
    let thread = std::thread::Builder::new().name("worker".to_owned());
    thread.spawn(|| panic!("in a thread")).unwrap().join().is_err()
}
#[traced]
fn spawned() -> bool {
    std::thread::spawn(|| -> u8 { panic!("in another") }).join().is_err()
}

pub fn main() {
    println!("{} {}", started(), spawned());
}
