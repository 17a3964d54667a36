use otel_runtime::traced;

struct Order;

#[traced(attrs(hash(order)))]
fn f(order: &Order) {}

fn main() {}
