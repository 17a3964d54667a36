use otel_runtime::traced;

#[traced(err)]
fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
