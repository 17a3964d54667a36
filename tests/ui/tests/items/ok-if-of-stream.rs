use futures_core::Stream;
use otel_runtime::traced;

#[traced(ok_if = |_| true, ret)]
fn rows() -> std::pin::Pin<Box<dyn Stream<Item = u64>>> {
    loop {}
}

fn main() {
    let _ = rows();
}
