//! Attributes that come by `cfg_attr`, on functions and in blocks.
use otel_runtime::traced;

#[cfg_attr(all(), traced(name = "renamed"))]
fn conditional(value: u8) -> u8 {
    value
}
#[cfg_attr(any(), traced)]
fn never(value: u8) -> u8 {
    value
}

struct Shop;
#[traced]
impl Shop {
    #[cfg_attr(all(), traced(name = "inner"))]
    fn named(&self) -> u8 {
        1
    }
    #[cfg_attr(all(), traced(off))]
    fn off(&self) -> u8 {
        2
    }
    #[cfg(any())]
    fn gone(&self) -> Missing {}
}

pub fn main() {
    println!("{} {} {} {}", conditional(1), never(2), Shop.named(), Shop.off());
}
