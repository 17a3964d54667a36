use otel_runtime::traced;

struct Order {
    id: u64,
}

#[traced(attrs(order.id, order.id = id))]
fn f(id: u64, order: &Order) {
    let _ = (id, order.id);
}

fn main() {}
