use otel_runtime::traced;

#[traced(ret(|n| n + 1))]
fn f() -> u8 {
    1
}

fn main() {}
