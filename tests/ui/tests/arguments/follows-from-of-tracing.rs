use otel_runtime::traced;

#[traced(follows_from = causes)]
fn f() {}

fn main() {}
