#![deny(unused_variables)]
use otel_runtime::traced;

#[traced]
async fn f(spare: u8) {}

#[traced]
fn g(spare: u8) {}

#[traced]
fn h(spare: u8) -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = (f(0), g(0), h(0));
}
