//! Patterns of a macro, among the parameters.
use otel_runtime::traced;

macro_rules! patterned {
    ($name:ident, $pattern:pat, $type:ty, $value:expr) => {
        #[traced]
        fn $name($pattern: $type) -> u8 {
            $value
        }
    };
}
macro_rules! named {
    ($name:ident, $pattern:pat, $used:ident, $type:ty) => {
        #[traced]
        async fn $name($pattern: $type) -> u8 {
            $used
        }
    };
}
patterned!(ignored, _, u8, 1);
patterned!(parts, (_, _), (u8, u8), 2);
named!(tuple, (a, _), a, (u8, u8));
named!(simple, a, a, u8);

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {} {} {}", ignored(0), parts((0, 0)), tuple((3, 4)).await, simple(5).await);
}
