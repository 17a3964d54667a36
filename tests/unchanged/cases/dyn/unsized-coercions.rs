//! Values are coerced to what the signature says on every way out.
use otel_runtime::traced;
use std::error::Error;
use std::sync::Arc;

#[traced]
fn slice(whole: bool) -> &'static [u8] {
    if whole {
        return &[1, 2, 3];
    }
    &[1]
}
#[traced]
fn error(kind: u8) -> Result<Arc<str>, Box<dyn Error>> {
    match kind {
        0 => Ok("text".into()),
        1 => Err("plain".into()),
        _ => Err(Box::new(std::fmt::Error)),
    }
}
#[traced]
async fn later(kind: bool) -> Box<dyn Iterator<Item = u8>> {
    if kind {
        return Box::new(0..2);
    }
    Box::new(std::iter::once(7))
}
#[traced]
fn pointer(kind: bool) -> fn(u8) -> u8 {
    if kind { |x| x } else { |x| x + 1 }
}
#[traced]
fn reborrowed(text: &mut String) -> &str {
    text.push('!');
    text
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?} {:?} {}", slice(true), slice(false), pointer(false)(1));
    println!("{:?} {:?} {:?}", error(0), error(1), error(2));
    println!("{:?} {}", later(true).await.chain(later(false).await).collect::<Vec<_>>(), reborrowed(&mut "a".into()));
}
