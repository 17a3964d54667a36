//! A body that is nothing but an expression of a macro.
use otel_runtime::traced;

macro_rules! value {
    ($name:ident, $type:ty, $value:expr) => {
        #[traced]
        fn $name() -> $type {
            $value
        }
    };
}
value!(sum, u8, 1 + 2);
value!(range, std::ops::Range<u8>, 1..3);
value!(block, u8, { 4 });
value!(matched, &'static str, match 1 { 1 => "one", _ => "more" });

pub fn main() {
    println!("{} {:?} {} {}", sum(), range(), block(), matched());
}
