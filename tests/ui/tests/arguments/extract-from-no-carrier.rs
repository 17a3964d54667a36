use otel_runtime::traced;

#[traced(parent(extract = id))]
fn f(id: u64) {
    let _ = id;
}

fn main() {}
