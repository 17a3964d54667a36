//! A generic function that calls itself with references and closures.
use otel_runtime::traced;

#[traced]
fn walk<T: Copy + PartialOrd, F: FnMut(T)>(values: &[T], visit: &mut F) {
    if let Some((first, rest)) = values.split_first() {
        visit(*first);
        walk(rest, visit);
    }
}
#[traced]
fn nested(f: &dyn Fn(u8) -> u8, times: u8) -> u8 {
    if times == 0 { f(0) } else { nested(&|x| f(x) + 1, times - 1) }
}

pub fn main() {
    let mut seen = vec![];
    walk(&[1, 3, 2], &mut |value| seen.push(value));
    println!("{seen:?} {}", nested(&|x| x + 10, 3));
}
