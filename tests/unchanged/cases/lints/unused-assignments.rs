//! Values that are assigned and never read are warned about.
use otel_runtime::traced;

#[traced]
fn plain(mut x: u8) {
    x = 3;
}
#[traced]
async fn later(mut x: u8) {
    x = 3;
}
#[traced]
fn read(mut x: u8) -> u8 {
    x = 3;
    x
}
#[traced]
fn fallible(mut x: u8) -> Result<u8, String> {
    x = 3;
    Ok(1)
}
#[traced]
fn local() -> u8 {
    let mut x = 1;
    x = 2;
    x
}

pub fn main() {
    println!("{} {}", read(1), local());
}
