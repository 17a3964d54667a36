//! Two borrows at once of a parameter, and one of what may not change, with a `Result`.
use otel_runtime::traced;

#[traced]
fn both(list: &mut Vec<u8>) -> Result<usize, String> {
    let first = &mut *list;
    let second = &mut *list;
    Ok(first.len() + second.len())
}
#[traced]
fn shared(list: &Vec<u8>) -> Result<(), String> {
    list.push(1);
    Ok(())
}
#[traced]
fn unchangeable(count: u8) -> Result<(), String> {
    count += 1;
    Ok(())
}
pub fn main() {}
