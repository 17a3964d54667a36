#[traced(sample = 0.01)]
fn poll() {
    ask()
}
