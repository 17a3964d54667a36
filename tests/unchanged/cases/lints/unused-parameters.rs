//! What nobody uses is warned about: parameters, parts of patterns, locals.
use otel_runtime::traced;

#[traced]
fn plain(id: u8, used: u8) -> u8 {
    used
}
#[traced]
async fn later(id: u8, used: u8) -> u8 {
    used
}
#[traced]
fn parts((a, b): (u8, u8), c: u8) -> u8 {
    a
}
#[traced]
async fn parts_later((a, b): (u8, u8), c: u8) -> u8 {
    a
}
#[traced]
fn fallible(id: u8) -> Result<u8, String> {
    let local = 3;
    Ok(1)
}
#[traced]
fn closure(x: u8) -> Box<dyn Fn() -> u8> {
    Box::new(move || 3)
}
trait Default {
    #[traced]
    fn default(&self, x: u8) {}
    #[traced]
    async fn later(&self, x: u8) {}
}

pub fn main() {
    println!("{}", plain(1, 2));
}
