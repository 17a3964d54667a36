use otel_runtime::traced;

struct Silent;

#[traced(err = ?)]
fn f() -> Result<(), Silent> {
    Ok(())
}

fn main() {}
