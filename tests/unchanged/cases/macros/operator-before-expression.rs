//! An expression of a `macro_rules!` stays one value beside an operator.
use otel_runtime::traced;

macro_rules! twice {
    ($name:ident, $value:expr) => {
        #[traced]
        fn $name() -> u32 {
            2 * $value
        }
    };
    (impl $name:ident, $value:expr) => {
        struct $name;
        #[traced]
        impl $name {
            fn twice(&self) -> i32 {
                2 * $value
            }
            fn negated(&self) -> Result<i32, String> {
                Ok(-$value)
            }
        }
    };
}
twice!(sum, 1 + 2);
twice!(masked, 6 & 3);
twice!(impl Sum, 1 + 2);

pub fn main() {
    println!("{} {}", sum(), masked());
    println!("{} {:?}", Sum.twice(), Sum.negated());
}
