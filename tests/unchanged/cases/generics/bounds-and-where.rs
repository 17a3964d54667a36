//! Bounds stay where they are written, and types are inferred through them.
use otel_runtime::traced;
use std::fmt::{Debug, Display};

#[traced]
fn both<A: Display, B>(a: A, b: B) -> String
where
    B: Debug + Clone,
{
    format!("{a} {b:?} {:?}", b.clone())
}

#[traced]
async fn later<T: Default + Debug>(values: Vec<T>) -> (usize, T) {
    (values.len(), T::default())
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", both(1, "x"));
    println!("{:?}", later(vec![1u8]).await);
}
