use otel_runtime::traced;

#[traced]
async fn pick<'a>(x: &'a str, y: &str) -> &'a str {
    let _ = x;
    y
}

fn main() {
    drop(pick("", ""));
}
