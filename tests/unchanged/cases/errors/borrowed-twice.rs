//! Two borrows at once of a parameter, and one of what may not change.
use otel_runtime::traced;

struct List(Vec<u8>);
impl List {
    #[traced]
    fn both(&mut self) -> usize {
        let first = &mut self.0;
        let second = &mut self.0;
        first.len() + second.len()
    }
}
#[traced]
fn shared(list: &Vec<u8>) {
    list.push(1);
}
#[traced]
fn unchangeable(count: u8) {
    count += 1;
}
pub fn main() {}
