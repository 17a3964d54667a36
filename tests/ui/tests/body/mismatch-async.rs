use otel_runtime::traced;

#[traced]
async fn f() -> Result<u8, String> {
    Ok("one")
}

fn main() {}
