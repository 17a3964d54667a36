//! Attributes of a macro: as `meta`, and the attribute itself.
use otel_runtime::traced;

macro_rules! attributed {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        fn $name(value: u8) -> u8 {
            value
        }
    };
}
attributed!(#[traced] #[inline] first);
attributed!(#[allow(dead_code)] #[traced(name = "second")] second);

pub fn main() {
    println!("{} {}", first(1), second(2));
}
