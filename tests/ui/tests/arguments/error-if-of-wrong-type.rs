use otel_runtime::traced;

#[traced(error_if = |n| *n)]
fn f() -> u8 {
    1
}

fn main() {}
