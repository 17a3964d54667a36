//! What a block says of `self` is about the functions that have one.
use otel_runtime::traced;

struct Store {
    shard: u8,
}

#[traced(attrs(self.shard))]
impl Store {
    fn new() -> Self {
        Store { shard: 1 }
    }
    fn get(&self) -> u8 {
        self.shard
    }
}

pub fn main() {
    println!("{}", Store::new().get());
}
