use otel_runtime::traced;

struct Cart(u64);

#[traced(attrs(id))]
impl Cart {
    fn load(&self, id: u64) {}

    fn store(&mut self) {}
}

fn main() {
    Cart(1).load(1);
    Cart(1).store();
}
