use otel_runtime::traced;

#[traced(attrs(note), pii(note = email))]
fn f(note: &str) {}

fn main() {}
