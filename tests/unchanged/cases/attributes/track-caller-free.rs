//! `#[track_caller]` on functions that may end before their end, of every kind of signature.
use otel_runtime::traced;
use std::fmt::{Debug, Display};
use std::panic::Location;

type Failed = Result<u32, String>;

fn here() -> String {
    Location::caller().line().to_string()
}
macro_rules! ensure {
    ($what:expr) => {
        if !$what {
            return Err(format!("{} {}", stringify!($what), Location::caller().line()));
        }
    };
}

#[traced(attrs(text))]
#[track_caller]
fn checked(text: &str) -> Failed {
    ensure!(!text.is_empty());
    let number: u32 = text.parse().map_err(|_| Location::caller().line().to_string())?;
    Ok(number + Location::caller().line())
}
#[traced(ret = ?)]
#[track_caller]
#[inline]
fn generic<'a, V: Clone + Debug, const COUNT: usize>(value: &'a V, more: [V; COUNT]) -> Option<(&'a V, u32)>
where
    V: PartialEq,
{
    more.iter().find(|it| *it == value)?;
    Some((value, Location::caller().line()))
}
#[traced]
#[track_caller]
fn opaque(text: impl Display) -> Result<impl Iterator<Item = u32>, String> {
    if text.to_string().is_empty() {
        return Err(Location::caller().line().to_string());
    }
    Ok(std::iter::once(Location::caller().line()))
}
#[traced]
#[track_caller]
fn changed(mut count: u32, unused: u8) -> Failed {
    count += Location::caller().line();
    if count == 0 {
        return Err(here());
    }
    Ok(count)
}
#[traced]
#[track_caller]
pub fn recursive(depth: u32) -> Failed {
    if depth == 0 {
        return Ok(Location::caller().line());
    }
    recursive(depth - 1)?;
    Err(Location::caller().line().to_string())
}
#[traced]
#[track_caller]
fn located(text: &str) -> Result<u32, &'static Location<'static>> {
    fn inner() -> u32 {
        3
    }
    text.parse::<u32>().map_err(|_| Location::caller())?;
    'found: loop {
        break 'found;
    }
    Ok(inner())
}
#[traced(error_if = |it| *it == 3)]
#[track_caller]
fn unwrapped(it: Option<u8>) -> u8 {
    let Some(it) = it else { return 3 };
    it
}
#[traced]
#[track_caller]
fn never_called(it: Option<u8>) -> Result<u8, ()> {
    it.ok_or(())?;
    Ok(1)
}
#[traced]
mod inside {
    use std::panic::Location;

    #[track_caller]
    pub fn checked<T: Clone>(it: &[T]) -> Result<(T, u32), u32> {
        let Some(first) = it.first() else { return Err(Location::caller().line()) };
        Ok((first.clone(), Location::caller().line()))
    }
}

pub fn main() {
    println!("{:?} {:?} {:?}", checked(""), checked("x"), checked("1"));
    println!("{:?} {:?}", generic(&1, [2, 3]), generic(&1, [1]));
    println!("{:?}", opaque("").map(Iterator::collect::<Vec<_>>));
    println!("{:?}", opaque("a").map(Iterator::collect::<Vec<_>>));
    println!("{:?} {:?} {:?}", changed(1, 2), recursive(0), recursive(1));
    println!("{:?} {:?}", located("1"), located("x").map_err(|it| it.line()));
    println!("{:?} {:?}", unwrapped(Some(1)), unwrapped(None));
    println!("{:?} {:?}", inside::checked::<u8>(&[]), inside::checked(&["a"]));
}
