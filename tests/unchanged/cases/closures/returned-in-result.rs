//! A closure in an `Ok` has its types from the signature.
use otel_runtime::traced;

#[traced]
fn fallible(n: u64) -> Result<impl Fn(u64) -> u64, String> {
    Ok(move |x| x + n)
}
#[traced]
fn boxed(n: u64) -> Result<Box<dyn Fn(u64) -> u64>, String> {
    if n == 0 {
        return Err("zero".to_owned());
    }
    Ok(Box::new(move |x| x.pow(2) + n))
}

pub fn main() {
    println!("{} {}", fallible(1).unwrap()(2), boxed(3).unwrap()(2));
}
