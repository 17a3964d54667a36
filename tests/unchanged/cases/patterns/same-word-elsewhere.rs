//! A word of the body that is no mention of the parameter: fields, methods, labels, types, lifetimes.
#![allow(unused_variables)]
use otel_runtime::traced;

struct Order {
    id: u64,
}
impl Order {
    fn name(&self) -> u64 {
        self.id
    }
}

#[traced]
fn fields(id: u64, order: Order) -> u64 {
    order.id
}

#[traced]
async fn methods(name: u64, order: Order) -> u64 {
    order.name() + Order { id: 3 }.id
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {}", fields(1, Order { id: 2 }), methods(1, Order { id: 2 }).await);
}
