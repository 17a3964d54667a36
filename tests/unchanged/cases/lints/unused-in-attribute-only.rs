//! A parameter that only the attribute names.
use otel_runtime::traced;

#[traced(attrs(id))]
fn recorded(id: u64) {}

pub fn main() {
    recorded(1);
    println!("done");
}
