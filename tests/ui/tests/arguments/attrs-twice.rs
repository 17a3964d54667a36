use otel_runtime::traced;

#[traced(attrs(a), attrs(b))]
fn f(a: u8, b: u8) {
    let _ = (a, b);
}

fn main() {}
