//! Functions, items and blocks that macros make of every fragment.
#![allow(dead_code)]
use otel_runtime::traced;
macro_rules! f { ($(#[$m:meta])* $v:vis fn $n:ident($($a:ident: $t:ty),*) -> $r:ty $b:block) => { #[traced] $(#[$m])* $v fn $n($($a: $t),*) -> $r $b } }
f!(
    /// docs
    #[inline]
    pub(crate) fn a(x: &dyn Fn(u8) -> u8, y: u8) -> u8 {
        x(y)
    }
);
f!(
    fn b(x: &'static str) -> Result<&'static str, std::num::ParseIntError> {
        let _: u8 = x.parse()?;
        Ok(x)
    }
);
macro_rules! g { ($t:ty, $p:pat, $e:expr, $l:literal, $i:ident, $lt:lifetime) => { #[traced(attrs(n = $l, e = $e))] fn $i<$lt>($p: (u8, u8), s: &$lt $t) -> &$lt $t { let _ = $e; s } } }
g!(dyn std::fmt::Debug + Send, (p, _), 1 + 2, "x", c, 'z);
macro_rules! items { ($($i:item)*) => { $(#[traced] $i)* } }
items! { fn d() -> u8 { 1 } async fn e() -> u8 { 2 } }
macro_rules! wrap { ($i:item) => { #[traced] mod m { #[allow(unused_imports)] use super::*; $i } } }
wrap! { pub fn f() -> u8 { 3 } }
macro_rules! imp { ($n:ident, $($m:item)*) => { struct $n; #[traced(level = debug)] impl $n { $($m)* } } }
imp! {
    Q,
    fn a(&self) -> u8 { 4 }
    pub async fn b(&self) -> u8 { 5 }
}
#[traced]
unsafe extern "C" fn ext(x: u8) -> u8 {
    x
}
#[traced]
fn im(x: impl Into<u64> + Copy, y: impl Fn(u64) -> u64) -> u64 {
    y(x.into())
}
#[traced]
async fn aim(x: impl Into<u64> + Copy, y: impl Fn(u64) -> u64) -> u64 {
    y(x.into())
}
#[traced]
async fn ref2<'a, 'b: 'a>(x: &'a str, y: &'b str) -> &'a str {
    if x.is_empty() { y } else { x }
}
#[traced]
fn never(x: u8) -> ! {
    std::process::exit(x as i32)
}
#[traced]
async fn anever(x: u8) -> ! {
    std::process::exit(x as i32)
}
#[traced(attrs(..))]
fn raws(r#fn: u8, r#async: &str) -> usize {
    r#fn as usize + r#async.len()
}
#[traced(attrs(..))]
async fn araws(r#fn: u8, r#async: &str) -> usize {
    r#fn as usize + r#async.len()
}
trait Tr {
    #[traced]
    fn d(&self) -> u8
    where
        Self: Sized,
    {
        1
    }
    #[traced]
    async fn ad(&self) -> u8 {
        2
    }
}
impl Tr for u8 {}
struct G<const N: usize, T>([T; N]);
#[traced(attrs(n = N))]
impl<const N: usize, T: Copy + Send> G<N, T> {
    fn first(&self) -> Option<T> {
        self.0.first().copied()
    }
    async fn own(self) -> [T; N] {
        self.0
    }
    fn take(mut self: Box<Self>) -> T
    where
        T: Default,
    {
        std::mem::take(&mut self.0[0])
    }
}
#[traced]
#[allow(clippy::all)]
#[must_use]
fn mu() -> u8 {
    #![allow(unused)]
    let x = 1;
    2
}
#[traced]
fn labels(n: u8) -> u8 {
    'a: {
        if n > 3 {
            break 'a 1;
        }
        2
    }
}
#[traced]
fn shadow(self_: u8, __x: u8) -> u8 {
    let __otel_span = self_;
    __otel_span + __x
}
#[traced]
fn stm() -> u8 {
    if true { 1 } else { 2 }
}
#[traced]
fn mac() -> String {
    format! { "{}", 1 }
}
#[traced]
fn inner() -> u8 {
    fn h() -> u8 {
        #[allow(dead_code)]
        static X: u8 = 1;
        X
    }
    h()
}
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!(
        "{} {:?} {:?} {} {} {} {} {}",
        a(&|x| x + 1, 2),
        b("x"),
        c((1, 2), &3),
        d(),
        e().await,
        m::f(),
        Q.a(),
        Q.b().await
    );
    println!(
        "{} {} {} {}",
        unsafe { ext(3) },
        im(3u8, |x| x),
        aim(3u8, |x| x + 1).await,
        ref2("", "b").await
    );
    println!("{} {} {} {}", raws(1, "ab"), araws(2, "c").await, 3u8.d(), 3u8.ad().await);
    println!("{:?} {:?} {}", G([1, 2]).first(), G([1u8, 2]).own().await, Box::new(G([7u8])).take());
    println!("{} {} {} {} {} {}", mu(), labels(4), shadow(1, 2), stm(), mac(), inner());
    if false {
        never(1);
        anever(1).await;
    }
}
