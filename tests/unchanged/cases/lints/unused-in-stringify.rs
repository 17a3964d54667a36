//! A parameter that is only turned into text is unused.
use otel_runtime::traced;

#[traced]
fn told(value: u8) -> &'static str {
    stringify!(value + 1)
}
#[traced]
async fn told_later(value: u8) -> &'static str {
    concat!("value", stringify!(value))
}

pub fn main() {
    println!("{}", told(1));
}
