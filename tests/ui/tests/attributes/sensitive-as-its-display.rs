use otel_runtime::privacy::Classified;
use otel_runtime::traced;

#[traced(attrs(%email))]
fn f(email: &Classified<String>) {}

fn main() {}
