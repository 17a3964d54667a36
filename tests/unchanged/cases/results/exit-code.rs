//! A `main` that returns an `ExitCode`.
use otel_runtime::traced;
use std::process::ExitCode;

#[traced]
pub fn main() -> ExitCode {
    println!("begins");
    ExitCode::from(42)
}
