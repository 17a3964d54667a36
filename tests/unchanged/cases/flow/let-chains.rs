//! Chains of `let` in conditions, as of edition 2024.
//! editions: 2024
use otel_runtime::traced;

#[traced]
fn first_even(values: &[u32]) -> Option<u32> {
    if let Some(first) = values.first()
        && first % 2 == 0
        && let Some(last) = values.last()
    {
        return Some(first + last);
    }
    None
}

pub fn main() {
    println!("{:?} {:?} {:?}", first_even(&[2, 3]), first_even(&[1]), first_even(&[]));
}
