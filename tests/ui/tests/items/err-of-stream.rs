use futures_core::Stream;
use otel_runtime::traced;

#[traced(err = %)]
fn rows() -> impl Stream<Item = Result<u64, String>> {
    make()
}

fn make() -> std::pin::Pin<Box<dyn Stream<Item = Result<u64, String>>>> {
    loop {}
}

fn main() {
    let _ = rows();
}
