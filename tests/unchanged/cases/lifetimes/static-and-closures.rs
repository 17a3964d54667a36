//! `'static` bounds, and closures that borrow from arguments.
use otel_runtime::traced;

#[traced]
fn kept<T: 'static + Send>(value: T) -> Box<dyn FnOnce() -> T + Send> {
    Box::new(move || value)
}
#[traced]
fn filtered<'a>(list: &'a [u8], limit: &'a u8) -> impl Iterator<Item = &'a u8> + 'a {
    list.iter().filter(move |value| *value > limit)
}
#[traced]
fn sorted<'s>(mut names: Vec<&'s str>, order: &dyn Fn(&&'s str) -> usize) -> Vec<&'s str> {
    names.sort_by_key(|name| order(name));
    names
}

pub fn main() {
    println!("{} {:?}", kept("a")(), filtered(&[1, 2, 3], &1).collect::<Vec<_>>());
    println!("{:?}", sorted(vec!["ccc", "a", "bb"], &|name| name.len()));
}
