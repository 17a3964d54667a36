use otel_runtime::traced;

struct Cart;

#[traced(attrs(cart))]
fn f(cart: Cart) {
    let _ = cart;
}

fn main() {}
