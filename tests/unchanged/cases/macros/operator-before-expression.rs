//! An expression of a `macro_rules!` stays one value beside an operator.
use otel_runtime::traced;

macro_rules! twice {
    ($name:ident, $value:expr) => {
        #[traced]
        fn $name() -> u32 {
            2 * $value
        }
    };
}
twice!(sum, 1 + 2);
twice!(masked, 6 & 3);

pub fn main() {
    println!("{} {}", sum(), masked());
}
