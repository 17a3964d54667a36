use otel_runtime::traced;

#[traced(error_type = |n| n.to_string())]
fn f() -> u8 {
    1
}

fn main() {
    f();
}
