//! Two borrows at once of a parameter, and one of what may not change, in async functions.
use otel_runtime::traced;

struct List(Vec<u8>);
impl List {
    #[traced]
    async fn both(&mut self) -> usize {
        let first = &mut self.0;
        let second = &mut self.0;
        first.len() + second.len()
    }
}
#[traced]
async fn shared(list: &Vec<u8>) {
    list.push(1);
}
#[traced]
async fn unchangeable(count: u8) {
    count += 1;
}
pub fn main() {}
