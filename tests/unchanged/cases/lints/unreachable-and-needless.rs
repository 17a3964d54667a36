//! Code that cannot be reached, needless parentheses and braces, results that are dropped.
use otel_runtime::traced;

#[traced]
fn after_return(x: u8) -> u8 {
    return x;
    let y = 1;
    y
}
#[traced]
fn forever(x: u8) -> u8 {
    loop {}
}
#[traced]
fn unfinished(x: u8) -> u8 {
    todo!()
}
#[traced]
async fn after_panic() -> Result<u8, String> {
    panic!("always");
    Ok(1)
}
#[traced]
fn parentheses(x: u8) -> (u8) {
    (x)
}
#[traced]
fn braces(x: u8) -> u8 {
    { x }
}
#[traced]
fn unit() -> () {
    ()
}
#[traced]
fn dropped() {
    Ok::<u8, u8>(1);
    1 + 1;
    "text";
}
#[traced]
async fn dropped_later() -> Result<(), String> {
    std::future::ready(1);
    Err::<u8, u8>(1);
    Ok(())
}

pub fn main() {
    println!("{} {} {:?}", parentheses(1), braces(2), unit());
    dropped();
}
