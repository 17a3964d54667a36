#[traced(attrs(text))]
#[track_caller]
#[must_use]
fn checked<T: FromStr>(mut text: &str) -> Result<T, Failed> {
    text = text.trim();
    Ok(text.parse()?)
}
