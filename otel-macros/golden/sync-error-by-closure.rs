#[traced(err = |error| error.code())]
fn ship() -> Result<(), NoStock> {
    Ok(())
}
