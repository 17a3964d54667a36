//! `let .. else`, shadowed parameters, and parameters that change.
use otel_runtime::traced;

#[traced(attrs(text))]
fn shadowed(text: &str, mut count: usize) -> String {
    let Some(text) = text.strip_prefix("x") else {
        return format!("no x, {count}");
    };
    count += text.len();
    let text = text.repeat(count);
    let count = text.len();
    format!("{text} {count}")
}

pub fn main() {
    println!("{} {}", shadowed("xab", 1), shadowed("ab", 1));
}
