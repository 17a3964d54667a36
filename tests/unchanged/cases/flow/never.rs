//! Functions that never return: their type, their panic, their exit status.
use otel_runtime::traced;

#[traced]
fn stop(code: i32) -> ! {
    println!("stops");
    std::process::exit(code)
}

#[traced]
async fn later(code: i32) -> ! {
    tokio::task::yield_now().await;
    stop(code)
}

#[traced]
fn number(text: &str) -> u8 {
    match text.parse() {
        Ok(number) => number,
        Err(_) => stop(7),
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", number("3"));
    later(5).await
}
