//! Calls of macros in a block, and functions that they make.
use otel_runtime::traced;

macro_rules! getter {
    ($name:ident, $field:ident) => {
        fn $name(&self) -> u8 {
            self.$field
        }
    };
}
struct Point {
    x: u8,
    y: u8,
}
#[traced]
impl Point {
    getter!(across, x);
    getter!(down, y);
    fn sum(&self) -> u8 {
        self.across() + self.down()
    }
}

pub fn main() {
    println!("{}", Point { x: 1, y: 2 }.sum());
}
