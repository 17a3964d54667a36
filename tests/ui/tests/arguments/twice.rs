use otel_runtime::traced;

#[traced(kind = server, name = "a", kind = client)]
fn f() {}

fn main() {}
