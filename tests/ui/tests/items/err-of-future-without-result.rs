use std::future::Future;

use otel_runtime::traced;

#[traced(err = %)]
fn load() -> impl Future<Output = ()> {
    async {}
}

fn main() {
    drop(load());
}
