//! Names in format strings of an async function, which are what moves them into it.
use otel_runtime::traced;

#[traced]
async fn named(name: String) -> String {
    format!("{name}")
}
#[traced]
async fn precise(digits: usize, value: f64) -> Result<String, String> {
    if digits > 3 { Err(format!("{digits}")) } else { Ok(format!("{value:.digits$}")) }
}
#[traced]
async fn written(text: &mut String, value: u8) -> std::fmt::Result {
    use std::fmt::Write;
    write!(text, "{value:>3}")
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let mut text = String::new();
    println!("{}", named("a".into()).await);
    println!("{:?} {:?}", precise(1, 2.25).await, precise(4, 1.0).await);
    println!("{:?} {text}", written(&mut text, 7).await);
}
