use otel_runtime::traced;

#[traced(attrs("enduser.id"))]
fn f() {}

fn main() {}
