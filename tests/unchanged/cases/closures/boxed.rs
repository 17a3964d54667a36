//! Closures in boxes and behind references are coerced to objects.
use otel_runtime::traced;

#[traced]
fn boxed(n: u8) -> Box<dyn Fn(u8) -> u8 + Send> {
    Box::new(move |x| x.wrapping_mul(n))
}
#[traced]
fn list() -> Vec<Box<dyn FnMut() -> u8>> {
    let mut count = 0;
    vec![Box::new(|| 1), Box::new(move || { count += 1; count })]
}
#[traced]
async fn later(names: Vec<String>) -> Box<dyn FnOnce(&str) -> bool> {
    Box::new(move |name| names.iter().any(|known| known == name))
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {:?}", boxed(3)(4), list().iter_mut().map(|f| f() + f()).collect::<Vec<_>>());
    println!("{}", later(vec!["a".to_owned()]).await("a"));
}
