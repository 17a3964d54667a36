use otel_runtime::traced;

struct Cart;

#[traced(ret, skip_pii)]
impl Cart {
    fn load(&self) -> u8 {
        1
    }

    fn store(&self) -> u8 {
        2
    }
}

fn main() {
    Cart.load();
    Cart.store();
}
