//! A macro that a body defines and uses.
use otel_runtime::traced;

#[traced]
fn defined(value: u8) -> u8 {
    macro_rules! plus {
        ($more:expr) => {
            value + $more
        };
    }
    plus!(1) + plus!(2)
}

pub fn main() {
    println!("{}", defined(3));
}
