//! A macro that makes a macro that makes the function.
use otel_runtime::traced;

macro_rules! outer {
    ($inner:ident, $op:tt) => {
        macro_rules! $inner {
            ($name:ident, $a:expr, $b:expr) => {
                #[traced]
                fn $name() -> i32 {
                    $a $op $b $op 1
                }
            };
        }
    };
}
outer!(times, *);
times!(product, 1 + 2, 3 + 4);
outer!(minus, -);
minus!(difference, 1 + 2, 3 - 4);

pub fn main() {
    println!("{} {}", product(), difference());
}
