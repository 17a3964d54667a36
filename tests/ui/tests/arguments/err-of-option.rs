use otel_runtime::traced;

#[traced(err = ?)]
fn f() -> Option<u8> {
    None
}

fn main() {
    f();
}
