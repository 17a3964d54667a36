use otel_runtime::traced;

#[traced(target = "shop")]
fn f() {}

fn main() {}
