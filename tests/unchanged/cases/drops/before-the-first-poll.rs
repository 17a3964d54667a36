//! A future that is never polled drops its arguments.
//! no spans
use otel_runtime::traced;

struct Loud(&'static str);
impl Drop for Loud {
    fn drop(&mut self) {
        println!("drops {}", self.0);
    }
}

#[traced]
async fn later(first: Loud, _second: Loud, _: Loud) -> usize {
    first.0.len()
}

pub fn main() {
    drop(later(Loud("a"), Loud("b"), Loud("c")));
    println!("end");
}
