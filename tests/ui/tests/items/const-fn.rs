use otel_runtime::traced;

#[traced]
const fn f() {}

fn main() {}
