//! Lifetimes, left out and named, in arguments and results.
use otel_runtime::traced;
use std::borrow::Cow;

#[traced]
fn first(text: &str) -> &str {
    text.split(' ').next().unwrap_or(text)
}
#[traced]
fn longer<'a, 'b: 'a>(left: &'a str, right: &'b str) -> &'a str {
    if left.len() > right.len() { left } else { right }
}
#[traced]
fn cow(text: &str) -> Cow<'_, str> {
    if text.contains('x') { Cow::Owned(text.replace('x', "y")) } else { Cow::Borrowed(text) }
}
#[traced]
fn both<'a>(list: &'a mut Vec<String>, text: &str) -> (&'a mut String, usize) {
    list.push(text.to_owned());
    let length = list.len();
    (list.last_mut().unwrap(), length)
}
#[traced]
async fn later<'a>(map: &'a [(&'static str, String)], key: &str) -> Option<&'a String> {
    tokio::task::yield_now().await;
    map.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
}
#[traced]
async fn mutable(list: &mut Vec<u8>, more: &[u8]) -> usize {
    list.extend(more);
    tokio::task::yield_now().await;
    list.len()
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let mut list = vec![];
    both(&mut list, "a").0.push('!');
    println!("{} {} {} {list:?}", first("a b"), longer("aa", "b"), cow("xx"));
    println!("{:?} {}", later(&[("k", "v".into())], "k").await, mutable(&mut vec![1], &[2]).await);
}
