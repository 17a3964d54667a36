//! `#[track_caller]` where there is no place for another function, or where nobody can see that there is.
use otel_runtime::traced;
use std::panic::Location;

struct Shop<T>(T);
impl<T: Clone> Shop<T> {
    #[traced]
    #[track_caller]
    fn private(&self) -> Result<u32, u32> {
        None.ok_or(Location::caller().line())?;
        Ok(1)
    }
    #[traced]
    #[track_caller]
    fn without_self(it: Option<T>) -> Result<T, u32> {
        Ok(it.ok_or(Location::caller().line())?)
    }
    #[traced]
    #[track_caller]
    pub unsafe fn not_safe(&self) -> Result<T, u32> {
        return Err(Location::caller().line());
    }
}
#[traced]
#[track_caller]
fn taken_apart((one, other): (u8, u8)) -> Result<u8, u32> {
    one.checked_add(other).ok_or(Location::caller().line())?;
    Err(Location::caller().line())
}

pub fn main() {
    println!("{:?}", Shop(1).private());
    println!("{:?}", Shop::<u8>::without_self(None));
    println!("{:?}", unsafe { Shop(1).not_safe() });
    println!("{:?}", taken_apart((1, 2)));
}
