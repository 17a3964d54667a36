//! A parameter of a pattern that is shadowed before anybody reads it is unused, with a `Result`.
use otel_runtime::traced;

struct Loud;
impl Drop for Loud {
    fn drop(&mut self) {}
}

#[traced]
fn shadowed(((x, _y), _): ((u8, u8), Loud)) -> Result<u8, String> {
    let x = 3;
    Err(format!("{}", x))
}

pub fn main() {
    println!("{:?}", shadowed(((1, 2), Loud)));
}
