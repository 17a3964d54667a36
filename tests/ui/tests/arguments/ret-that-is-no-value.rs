use otel_runtime::traced;

struct Cart;

#[traced(ret)]
fn f() -> Cart {
    Cart
}

fn main() {}
