#![deny(dead_code)]
use otel_runtime::traced;

pub struct Cart;

impl Cart {
    #[traced]
    fn nobody_calls_me(&self) {}

    #[traced(attrs(id))]
    async fn nor_me(&self, id: u8) -> Result<(), String> {
        let _ = id;
        Ok(())
    }
}

fn main() {}
