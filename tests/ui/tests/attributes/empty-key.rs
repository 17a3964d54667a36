use otel_runtime::traced;

#[traced(attrs("" = 1))]
fn f() {}

fn main() {}
