use otel_runtime::traced;

struct Cart;

#[traced(name = "cart")]
impl Cart {
    fn load(&self) {}
}

#[traced]
mod shop {
    #[traced(name = "shop", kind = client)]
    mod inner {
        pub(super) fn open() {}
    }

    pub(super) fn open() {
        inner::open();
    }
}

fn main() {
    Cart.load();
    shop::open();
}
