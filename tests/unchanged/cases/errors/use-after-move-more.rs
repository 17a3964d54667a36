//! A parameter that is moved twice, where the body is a closure or a future.
use otel_runtime::traced;
use std::future::Future;

struct Pair {
    left: String,
    right: String,
}

#[traced]
fn made(text: String) -> impl Future<Output = ()> {
    drop(text);
    drop(text);
    async {}
}
#[traced]
fn of_a_pattern(Pair { left, right }: Pair) -> Result<String, String> {
    drop(left);
    drop(right);
    Ok(left)
}
#[traced]
async fn of_a_part(pair: Pair) {
    drop(pair.left);
    drop(pair);
}
#[traced]
async fn in_a_loop(text: String) {
    loop {
        drop(text);
    }
}
#[traced]
async fn borrowed(text: String) -> usize {
    let borrowed = &text;
    drop(text);
    borrowed.len()
}
impl Pair {
    #[traced]
    fn own(self) -> Result<Pair, String> {
        drop(self);
        Ok(self)
    }
}
pub fn main() {}
