use otel_runtime::traced;

#[traced(attrs(%hash(email)))]
fn f(email: &str) {}

fn main() {}
