use otel_runtime::traced;

struct Cart;

impl Cart {
    #[traced(attrs(..), skip(self))]
    fn f(&self) {}
}

fn main() {}
