use otel_runtime::traced;

type Found = Option<u8>;

#[traced(err = ?)]
fn f() -> Found {
    None
}

fn main() {
    f();
}
