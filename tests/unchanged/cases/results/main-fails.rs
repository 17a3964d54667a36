//! An error of `main` is told, and is the exit status.
use otel_runtime::traced;

#[traced]
pub fn main() -> Result<(), String> {
    println!("begins");
    Err("out of stock".to_owned())
}
