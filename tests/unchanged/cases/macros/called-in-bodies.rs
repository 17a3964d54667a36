//! Macros that a body calls see its parameters.
use otel_runtime::traced;

macro_rules! say {
    ($value:ident) => {
        format!("<{}>", $value)
    };
    ($($value:expr),+ ; sum) => {
        0 $(+ $value)+
    };
}

#[traced]
fn through(name: String) -> String {
    say!(name)
}
#[traced]
async fn summed(a: u8, b: u8) -> u8 {
    say!(a, b * 2; sum)
}
#[traced]
fn asserted(a: u8) -> bool {
    assert_eq!(a, 1, "is {a}");
    matches!(a, 1 | 2 if a > 0)
}
#[traced]
fn concatenated(name: String) -> String {
    format!(concat!("{", "name", "}"), name = name)
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {} {} {}", through("a".into()), summed(1, 2).await, asserted(1), concatenated("b".into()));
}
