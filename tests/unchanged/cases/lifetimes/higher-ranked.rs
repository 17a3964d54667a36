//! Functions and closures that are good for every lifetime.
use otel_runtime::traced;

#[traced]
fn apply<F>(text: &str, f: F) -> String
where
    F: for<'a> Fn(&'a str) -> &'a str,
{
    f(text).to_owned()
}
#[traced]
fn boxed() -> Box<dyn for<'a> Fn(&'a [u8]) -> Option<&'a u8>> {
    Box::new(|bytes| bytes.first())
}
#[traced]
async fn later(f: impl for<'a> Fn(&'a u8) -> &'a u8) -> u8 {
    *f(&3)
}
#[traced]
fn pointer(f: fn(&str) -> usize) -> for<'a> fn(&'a str) -> usize {
    f
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {:?} {}", apply(" x ", str::trim), boxed()(&[7]), later(|x| x).await);
    println!("{}", pointer(str::len)("four"));
}
