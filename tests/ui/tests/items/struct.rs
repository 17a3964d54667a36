use otel_runtime::traced;

#[traced]
struct Cart;

fn main() {}
