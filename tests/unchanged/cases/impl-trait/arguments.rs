//! `impl Trait` among the parameters, nested and several.
use otel_runtime::traced;
use std::fmt::{Debug, Display};

#[traced]
fn shown(value: impl Display, more: &impl Debug, list: Vec<impl Into<u64>>) -> String {
    let sum: u64 = list.into_iter().map(Into::into).sum();
    format!("{value} {more:?} {sum}")
}
#[traced]
fn called(mut f: impl FnMut(u8) -> u8, text: impl AsRef<str>) -> usize {
    usize::from(f(1) + f(2)) + text.as_ref().len()
}
#[traced]
async fn later(values: impl IntoIterator<Item = impl Debug>) -> String {
    values.into_iter().map(|value| format!("{value:?}")).collect()
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let mut calls = 0;
    println!("{}", shown(1, &"x", vec![1u8, 2]));
    println!("{}", called(|x| { calls += 1; x + calls }, "ab"));
    println!("{}", later(["a", "b"]).await);
}
