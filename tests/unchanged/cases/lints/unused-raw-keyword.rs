//! A parameter that is called `r#match` is not used by a `match`.
use otel_runtime::traced;

#[traced]
fn matched(r#match: String) -> Result<u8, String> {
    match 1 {
        1 => Ok(1),
        _ => Err(String::new()),
    }
}
#[traced]
async fn looped(r#for: String, r#in: String) {
    for _ in 0..1 {}
}

pub fn main() {
    println!("{:?}", matched(String::new()));
}
