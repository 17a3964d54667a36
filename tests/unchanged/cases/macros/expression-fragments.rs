//! Expressions that a macro passes on are one value each, whatever stands beside them.
use otel_runtime::traced;

macro_rules! make {
    ($negated:ident, $called:ident, $field:ident, $cast:ident, $value:expr) => {
        #[traced]
        fn $negated() -> i64 {
            -$value
        }
        #[traced]
        fn $called() -> i64 {
            $value.pow(2)
        }
        #[traced]
        async fn $field() -> i64 {
            10 - $value * 2
        }
        #[traced]
        fn $cast() -> u8 {
            let cast = $value as u8;
            cast
        }
    };
}
make!(n1, c1, f1, k1, 1i64 + 2);
make!(n2, c2, f2, k2, { 1i64 } - 5);
make!(n3, c3, f3, k3, if true { 3i64 } else { 4 });

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {} {} {}", n1(), c1(), f1().await, k1());
    println!("{} {} {} {}", n2(), c2(), f2().await, k2());
    println!("{} {} {} {}", n3(), c3(), f3().await, k3());
}
