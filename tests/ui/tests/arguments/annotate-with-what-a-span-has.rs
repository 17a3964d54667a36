use otel_runtime::traced;

#[traced(kind = client, annotate, attrs(id), err = false)]
fn f(id: u64) -> Result<(), ()> {
    let _ = id;
    Ok(())
}

fn main() {}
