//! A trait of the caller's with methods for every type leaves alone what the attribute calls.
use otel_runtime::traced;

trait Ext {
    fn error(self) -> Option<u8>
    where
        Self: Sized,
    {
        None
    }
    fn failure(self) -> u8
    where
        Self: Sized,
    {
        1
    }
    fn value(&self) -> u8 {
        2
    }
    fn set(&self, _: &str, _: u8) {}
    fn text(&self) -> u8 {
        3
    }
}
impl<T> Ext for T {}

#[traced(attrs(id, text = %id), ret)]
fn load(id: u64) -> Result<u8, String> {
    let _ = 1.error();
    Err(format!("{} {}", id.value(), id.failure()))
}

pub fn main() {
    println!("{:?}", load(1));
}
