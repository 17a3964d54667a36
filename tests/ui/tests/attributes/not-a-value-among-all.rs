use otel_runtime::traced;

struct Cart;

#[traced(attrs(..))]
fn f(id: u64, cart: Cart) {
    let _ = (id, cart);
}

fn main() {}
