use otel_runtime::traced;

#[traced]
#[traced(level = debug)]
fn f() {}

struct Cart;

#[traced]
impl Cart {
    #[traced(root)]
    #[traced(level = debug)]
    fn g(&self) {}
}

fn main() {
    f();
    Cart.g();
}
