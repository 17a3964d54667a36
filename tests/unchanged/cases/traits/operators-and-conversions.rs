//! Traits of the language: operators, `Drop`, `Iterator`, `From`, `Display`.
use otel_runtime::traced;
use std::{fmt, ops};

#[derive(Clone, Copy, Debug, PartialEq)]
struct Meters(f32);
impl ops::Add for Meters {
    type Output = Self;
    #[traced]
    fn add(self, other: Self) -> Self {
        Meters(self.0 + other.0)
    }
}
impl ops::Index<usize> for Meters {
    type Output = f32;
    #[traced]
    fn index(&self, _: usize) -> &f32 {
        &self.0
    }
}
impl fmt::Display for Meters {
    #[traced]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} m", self.0)
    }
}
impl std::str::FromStr for Meters {
    type Err = std::num::ParseFloatError;
    #[traced]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Meters(text.parse()?))
    }
}
struct Down(u8);
impl Iterator for Down {
    type Item = u8;
    #[traced]
    fn next(&mut self) -> Option<Self::Item> {
        self.0 = self.0.checked_sub(1)?;
        Some(self.0)
    }
}

pub fn main() {
    let sum = Meters(1.0) + Meters(2.5);
    println!("{sum} {} {:?} {}", sum[0], "1.5".parse::<Meters>(), "x".parse::<Meters>().is_err());
    println!("{:?}", Down(3).collect::<Vec<_>>());
}
