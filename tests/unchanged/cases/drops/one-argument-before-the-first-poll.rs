//! A future that is never polled drops its one argument, and what a pattern would take of it.
//! no spans
use otel_runtime::traced;

struct Loud(&'static str);
impl Drop for Loud {
    fn drop(&mut self) {
        println!("drops {}", self.0);
    }
}

#[traced]
async fn later((first, _): (Loud, Loud)) -> usize {
    first.0.len()
}

pub fn main() {
    drop(later((Loud("a"), Loud("b"))));
    println!("end");
}
