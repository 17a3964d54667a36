use otel_runtime::traced;

#[traced(ok_if = true)]
fn f() -> u8 {
    1
}

fn main() {}
