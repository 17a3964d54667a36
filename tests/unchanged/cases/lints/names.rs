//! Names that break the custom are warned about, once.
use otel_runtime::traced;

#[traced]
fn camelCase(X: u8) -> u8 {
    X
}
#[traced]
async fn laterCamel(someThing: u8) -> u8 {
    someThing
}
#[traced]
fn generic<t>(value: t) -> t {
    value
}
#[traced]
fn local() {
    let Value = 1;
    println!("{}", Value);
}

pub fn main() {
    println!("{} {}", camelCase(1), generic(2));
    local();
}
