use otel_runtime::traced;

struct Cart(u64);

#[traced(knd = client)]
impl Cart {
    #[traced(name = "")]
    fn load(&self) -> u64 {
        self.0
    }

    #[traced(root = 1, err = %)]
    async fn store(&mut self) {
        self.0 += 1;
    }

    #[traced(attrs(self.0))]
    fn show(&self) {}

    #[traced = "show"]
    fn hide(&self) {}
}

fn main() {
    let mut cart = Cart(1);
    cart.load();
    cart.show();
    cart.hide();
    drop(cart.store());
}
