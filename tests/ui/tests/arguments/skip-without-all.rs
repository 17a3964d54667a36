use otel_runtime::traced;

#[traced(attrs(a), skip(b))]
fn f(a: u8, b: u8) {
    let _ = (a, b);
}

fn main() {}
