//! Names in format strings: alone, with widths, precisions, fills and escapes.
use otel_runtime::traced;

#[traced]
fn named(name: String) -> String {
    format!("{name}")
}
#[traced]
fn raw(name: String) -> String {
    format!(r#"{name:?}"#)
}
#[traced]
fn doubled(name: String) -> usize {
    "{{name}}".len()
}
#[traced]
fn padded(width: usize, list: Vec<String>) -> String {
    list.iter().map(|item| format!("{item:>width$}")).collect()
}
#[traced]
fn precise(digits: usize, value: f64) -> String {
    format!("{value:.digits$}")
}
#[traced]
fn starred(digits: usize, value: f64) -> String {
    format!("{:.*}", digits, value)
}
#[traced]
fn positional(width: usize, value: u8) -> String {
    format!("{0:>1$} {value:#?} {0:02x}", value, width)
}

pub fn main() {
    println!("{} {} {}", named("a".into()), raw("b".into()), doubled("d".into()));
    println!("{} {} {}", padded(3, vec!["e".into()]), precise(1, 2.55), starred(2, 1.0));
    println!("{}", positional(4, 10));
}
