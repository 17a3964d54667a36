//! Locals of a macro and of the function that share a name are two.
use otel_runtime::traced;

macro_rules! hygienic {
    ($name:ident, $outer:ident, $value:expr) => {
        #[traced]
        fn $name($outer: u8) -> (u8, u8) {
            let value = 100;
            let sum = $value;
            (sum, value)
        }
    };
}
hygienic!(mixed, value, value + 1);
macro_rules! parameter {
    ($name:ident, $value:expr) => {
        #[traced]
        async fn $name(x: u8, y: u8) -> u8 {
            let _ = y;
            x + $value
        }
    };
}
const X: u8 = 3;
parameter!(later, X * 2);

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?} {}", mixed(1), later(1, 2).await);
}
