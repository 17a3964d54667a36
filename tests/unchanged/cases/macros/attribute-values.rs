//! Values of the attribute that a macro passes.
use otel_runtime::traced;

macro_rules! valued {
    ($name:ident, $key:ident, $value:expr, $title:literal) => {
        #[traced(name = $title, attrs($key = $value, text = %$value))]
        fn $name() -> u8 {
            2
        }
    };
}
valued!(sum, key, 1u64 + 2, "sum");
valued!(cast, other, 1u8 as u64, "cast");
valued!(chosen, third, if true { 1u64 } else { 2 }, "chosen");

pub fn main() {
    println!("{} {} {}", sum(), cast(), chosen());
}
