use otel_runtime::context;

async fn handle() {
    let _scope = context::scope([]);
    later().await;
}

async fn later() {}

fn main() {
    let _ = tokio::task::spawn(handle());
}
