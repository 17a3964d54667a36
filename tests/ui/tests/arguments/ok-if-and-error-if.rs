use otel_runtime::traced;

#[traced(ok_if = |n| *n > 1, error_if = |n| *n < 1)]
fn f() -> u8 {
    1
}

fn main() {}
