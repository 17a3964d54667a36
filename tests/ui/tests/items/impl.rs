use otel_runtime::traced;

struct Cart;

#[traced]
impl Cart {}

fn main() {}
