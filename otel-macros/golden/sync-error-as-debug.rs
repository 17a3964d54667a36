#[traced(err = ?)]
fn ship() -> Outcome {
    Ok(())
}
