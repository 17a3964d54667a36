#[traced(level = debug)]
fn checksum(bytes: &[u8]) -> u32 {
    sum(bytes)
}
