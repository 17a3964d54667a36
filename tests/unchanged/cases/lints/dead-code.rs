//! A function that nobody calls is warned about, async or not, and in a block.
use otel_runtime::traced;

#[traced]
fn never() {}
#[traced]
async fn never_later() {}
#[traced(attrs(id))]
fn never_fallible(id: u8) -> Result<u8, String> {
    Ok(id)
}
struct Thing;
#[traced]
impl Thing {
    fn never(&self) {}
    fn sometimes(&self) {}
}
#[traced]
fn itself() {
    itself_too();
}
#[traced]
fn itself_too() {
    itself();
}

pub fn main() {
    Thing.sometimes();
    println!("done");
}
