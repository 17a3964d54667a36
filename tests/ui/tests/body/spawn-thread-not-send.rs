use std::rc::Rc;

use otel_runtime::traced;

#[traced]
fn load() {
    let id = Rc::new(1);
    std::thread::spawn(move || println!("{id}"));
}

fn main() {}
