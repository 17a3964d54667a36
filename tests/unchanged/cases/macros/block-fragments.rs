//! A body that is a `block` of a macro, plain and async.
use otel_runtime::traced;

macro_rules! body {
    ($name:ident ( $($parameter:ident : $type:ty),* ) -> $ret:ty $body:block) => {
        #[traced]
        fn $name($($parameter: $type),*) -> $ret $body
    };
    (async $name:ident ( $($parameter:ident : $type:ty),* ) -> $ret:ty $body:block) => {
        #[traced]
        async fn $name($($parameter: $type),*) -> $ret $body
    };
}
body!(sum(a: u8, b: u8) -> u8 { a + b });
body!(fallible(text: &str) -> Result<u8, std::num::ParseIntError> { Ok(text.parse::<u8>()? + 1) });
body!(async later(a: u8) -> u8 {
    tokio::task::yield_now().await;
    a
});

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {:?} {}", sum(1, 2), fallible("3"), later(4).await);
}
