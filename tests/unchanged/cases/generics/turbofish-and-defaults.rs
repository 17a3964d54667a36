//! Type arguments are given in the order in which they are declared.
use otel_runtime::traced;
use std::any::type_name;

#[traced]
fn names<A, B>() -> String {
    format!("{} {}", type_name::<A>(), type_name::<B>())
}

#[traced]
async fn parsed<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse::<T>().ok()
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", names::<u8, &str>());
    println!("{:?} {:?}", parsed::<i8>("-3").await, parsed::<f32>("x").await);
}
