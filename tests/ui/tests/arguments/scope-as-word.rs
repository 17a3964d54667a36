use otel_runtime::traced;

#[traced(scope = shop)]
fn f() {}

fn main() {}
