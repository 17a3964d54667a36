use otel_runtime::traced;

#[traced(attrs(truncate(email), note = hash(email, 3)))]
fn f(email: &str) {}

fn main() {}
