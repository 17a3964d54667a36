use otel_runtime::traced;

#[traced(err = Debug)]
fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
