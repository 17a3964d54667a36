use otel_runtime::traced;

#[traced]
fn f() -> Result<u8, String> {
    Ok("one")
}

fn main() {}
