#[traced(fold = 100, min_duration = "1us")]
fn load(id: u64) -> Cart {
    fetch(id)
}
