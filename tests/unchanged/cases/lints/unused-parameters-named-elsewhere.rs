//! A parameter that is unused is told, though a word like it stands in the body.
use otel_runtime::traced;

struct Order {
    id: u64,
}

#[traced]
fn field(id: u64) -> Order {
    Order { id: 3 }
}
#[traced]
fn text(id: u64, idle: u64) {
    println!("{idle} id");
}
#[traced]
fn path(max: u8) -> u8 {
    u8::max(1, 2)
}
#[traced]
fn label(outer: u8) {
    'outer: loop {
        break 'outer;
    }
}

pub fn main() {
    println!("{} {}", field(1).id, path(2));
    text(1, 2);
    label(3);
}
