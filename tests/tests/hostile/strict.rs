//! Every kind of function that is annotated, under `deny(warnings)` and `clippy::pedantic`.

use std::fmt::Display;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;

use otel_runtime::traced;

/// A struct to have methods on.
#[derive(Debug, Default)]
pub struct Store {
    count: u64,
}

impl Store {
    /// One line.
    #[must_use]
    #[traced(attrs(self.count))]
    pub fn count(&self) -> u64 { self.count }

    /// One line, two names.
    #[traced(attrs(by))]
    pub fn add(&mut self, by: u64) { self.count += by; }

    /// One line, a result.
    ///
    /// # Errors
    ///
    /// When there is nothing left.
    #[traced(skip_pii, attrs(by, email = by))]
    pub fn take(&mut self, by: u64) -> Result<u64, String> { self.count.checked_sub(by).ok_or_else(|| "empty".to_owned()) }

    /// One line, async.
    #[traced(attrs(by))]
    pub async fn add_async(&mut self, by: u64, _spare: u8, _: u8) -> &mut u64 { self.count += by; &mut self.count }

    /// By value.
    ///
    /// # Errors
    ///
    /// Never.
    #[traced(err = ?)]
    pub async fn into_count(self) -> Result<u64, std::fmt::Error> { Ok(self.count) }
}

#[traced]
impl Store {
    /// Known by its caller.
    ///
    /// # Errors
    ///
    /// When there is nothing left.
    #[track_caller]
    pub fn checked(&mut self, mut by: u64, _spare: u8) -> Result<u64, u32> {
        by += 1;
        self.count = self.count.checked_sub(by).ok_or_else(|| Location::caller().line())?;
        self.half()
    }

    #[track_caller]
    fn half(&self) -> Result<u64, u32> { if self.count == 1 { return Err(Location::caller().line()); } Ok(self.count / 2) }
}

/// Known by its caller, and generic.
///
/// # Errors
///
/// When it is no number.
#[track_caller]
#[traced(attrs(text))]
pub fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, u32> {
    if text.is_empty() {
        return Err(0);
    }
    text.parse().map_err(|_| Location::caller().line())
}

/// Nothing at all.
#[traced]
pub fn empty() {}

/// Nothing at all, async.
#[traced(min_duration = "1500ms")]
pub async fn empty_async() {}

/// A pattern, a `mut`, a generic, a lifetime.
#[traced(attrs(a, b.len = b.len()))]
pub fn shapes<'a, T: Display>((a, _): (u8, u8), mut b: String, c: &'a [&'a T]) -> (String, &'a T) {
    b.push('x');
    let _ = a;
    (b, c[0])
}

/// The same, async.
#[traced(attrs(a, b.len = b.len()))]
pub async fn shapes_async<'a, T: Display>((a, _): (u8, u8), mut b: String, c: &'a [&'a T]) -> (String, &'a T) {
    b.push('x');
    let _ = a;
    (b, c[0])
}

/// `impl Trait` on both sides.
#[traced]
pub fn opaque(from: impl Display) -> impl Iterator<Item = String> { std::iter::once(from.to_string()) }

/// `impl Trait` on both sides, async.
#[traced]
pub async fn opaque_async(from: impl Display) -> Result<impl Iterator<Item = String>, std::fmt::Error> {
    #![allow(clippy::needless_return, reason = "an inner attribute goes along")]
    return Ok(std::iter::once(from.to_string()));
}

/// What the body says about itself stays the body's.
#[must_use]
#[traced(name = local(), attrs(value = local()))]
pub fn shadows() -> u8 {
    #[allow(clippy::items_after_statements, dead_code)]
    fn local() -> u8 { 2 }
    struct Ret;
    let _ = Ret;
    local()
}

fn local() -> &'static str { "outer" }

/// A trait with an async function.
pub trait Loads {
    /// Loads.
    fn load(&self, key: &str) -> impl Future<Output = usize> + Send;
    /// Loads twice.
    #[traced]
    fn twice(&self) -> usize { 2 }
}

impl Loads for Store {
    #[traced(attrs(key))]
    async fn load(&self, key: &str) -> usize { key.len() }
}

macro_rules! define {
    ($name:ident, $arg:ident, $body:expr) => {
        /// Defined by a macro.
        #[traced(attrs($arg, twice = $arg * 2))]
        pub async fn $name($arg: u8, other: u8) -> Result<u8, std::fmt::Error> {
            let _ = other;
            Ok($body)
        }
    };
}
define!(defined, x, x + 1);

/// A function that makes a future.
#[traced(attrs(a))]
pub fn made(a: u8) -> impl Future<Output = Result<u8, std::fmt::Error>> + Send { async move { Ok(a) } }

/// A future in a box.
#[must_use]
#[traced(attrs(a.len = a.len()))]
pub fn made_boxed(a: &str) -> Pin<Box<dyn Future<Output = usize> + Send + '_>> {
    let len = a.len();
    Box::pin(async move { len + a.len() })
}

/// A struct to have methods on.
#[derive(Debug, Default)]
pub struct Block(u8);

#[traced(attrs(level = 1), skip_pii)]
impl Block {
    /// What it is not.
    pub const NOT: u8 = { 1 };

    /// One line.
    #[must_use]
    pub fn get(&self) -> u8 { self.0 }

    /// One line, async.
    ///
    /// # Errors
    ///
    /// Never.
    #[traced(attrs(by), skip_pii = false)]
    pub async fn add(&mut self, by: u8) -> Result<&mut u8, std::fmt::Error> { self.0 += by; Ok(&mut self.0) }

    /// Nothing.
    #[must_use]
    pub const fn at_compile_time() -> u8 { 1 }

    /// Left out.
    #[must_use]
    #[traced(off)]
    pub fn left_out(&self) -> u8 { self.0 }

    /// Kept async, as another attribute might want it.
    #[cfg_attr(any(), unknown)]
    pub async fn kept(&self, (a, _): (u8, u8), _: u8) -> Option<&u8> { let _ = a; Some(&self.0) }
}

/// A module.
#[traced(kind = client)]
pub mod inside {
    /// A trait.
    pub trait Depth {
        /// Nothing.
        fn depth(&self) -> u8;
        /// Something.
        fn twice(&self) -> u8 { self.depth() * 2 }
    }

    impl Depth for u8 {
        fn depth(&self) -> u8 { *self }
    }
}

pub(crate) async fn everything() {
    empty();
    empty_async().await;
    let mut store = Store::default();
    store.add(2);
    assert_eq!(store.take(1), Ok(1));
    assert_eq!(*store.add_async(1, 0, 0).await, 3);
    assert_eq!((store.count(), store.load("key").await, store.twice()), (3, 3, 2));
    assert_eq!(store.into_count().await, Ok(3));
    assert_eq!(shapes((1, 2), "b".to_owned(), &[&7]).0, "bx");
    assert_eq!(shapes_async((1, 2), "b".to_owned(), &[&7]).await.0, "bx");
    assert_eq!(opaque(7).count(), 1);
    assert_eq!(opaque_async(7).await.map(Iterator::count), Ok(1));
    assert_eq!(shadows(), 2);
    assert_eq!(defined(1, 2).await, Ok(2));
    assert_eq!((made(1).await, made_boxed("b").await), (Ok(1), 2));
    let mut block = Block::default();
    assert_eq!(block.add(1).await, Ok(&mut 1));
    assert_eq!((block.get(), block.left_out(), block.kept((1, 2), 3).await), (1, 1, Some(&1)));
    assert_eq!((Block::NOT, Block::at_compile_time(), inside::Depth::twice(&2)), (1, 1, 4));
    assert_eq!(spawns(1).await, Ok(3));
}

/// Threads and tasks, whose context comes along.
///
/// # Errors
///
/// Never.
#[traced(attrs(id))]
pub async fn spawns(id: u64) -> Result<u64, String> {
    let thread = std::thread::spawn(move || id);
    let task = tokio::spawn(async move { id });
    let local = || ::tokio::task::spawn_blocking(move || id,);
    let both = (thread.join().map_err(|_| "panic")?, task.await.map_err(|_| "panic")?);
    Ok(both.0 + both.1 + local().await.map_err(|_| "panic")?)
}
