use otel_runtime::traced;

#[traced(attrs(total = total().await))]
async fn f() {}

async fn total() -> u64 {
    1
}

fn main() {}
