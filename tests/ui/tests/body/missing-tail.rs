use otel_runtime::traced;

#[traced(attrs(a))]
fn f(a: u8) -> u8 {
    let _ = a;
}

fn main() {}
