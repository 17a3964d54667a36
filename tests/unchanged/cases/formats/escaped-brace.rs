//! A brace that is written as an escape opens a name too.
use otel_runtime::traced;

#[traced]
fn escaped(name: String) -> String {
    format!("\u{7b}name}")
}

pub fn main() {
    println!("{}", escaped("a".into()));
}
