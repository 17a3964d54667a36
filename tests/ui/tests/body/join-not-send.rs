use std::rc::Rc;

use otel_runtime::traced;

#[traced]
fn load() {
    let id = Rc::new(1);
    rayon::join(|| println!("{id}"), || 1);
}

fn main() {}
