use otel_runtime::traced;

#[traced(attrs(pair.0))]
fn f(pair: (u8, u8)) {
    let _ = pair;
}

fn main() {}
