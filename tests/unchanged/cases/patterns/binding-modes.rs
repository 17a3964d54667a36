//! Patterns bind by reference, by mutable reference and by value as they say.
use otel_runtime::traced;

#[traced]
fn references((a, b): &(String, u8), (c, d): &mut (String, u8)) -> usize {
    c.push('!');
    *d += *b;
    a.len() + c.len() + usize::from(*d)
}

#[traced]
fn by_ref(ref text: String, ref mut more: Vec<u8>) -> (usize, usize) {
    more.push(1);
    (text.len(), more.len())
}

#[traced]
fn slices(&[first, ref rest @ ..]: &[u8; 3]) -> (u8, usize) {
    (first, rest.len())
}

pub fn main() {
    let mut pair = ("b".to_owned(), 1);
    println!("{}", references(&("aa".to_owned(), 2), &mut pair));
    println!("{pair:?} {:?} {:?}", by_ref("x".to_owned(), vec![]), slices(&[1, 2, 3]));
}
