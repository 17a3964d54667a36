use std::future::Future;
use std::pin::Pin;

use otel_runtime::traced;

#[traced]
fn load() -> impl Future<Output = Result<u64, String>> {
    async { Ok("one") }
}

#[traced]
fn store() -> Pin<Box<dyn Future<Output = u64> + Send>> {
    Box::pin(async { "one" })
}

#[traced]
fn nothing() -> impl Future<Output = u64> {
    7
}

fn main() {
    drop(load());
    drop(store());
    drop(nothing());
}
