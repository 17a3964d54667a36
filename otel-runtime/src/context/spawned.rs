//! Which context do calls in an annotated body take along that start work elsewhere, or wait for it?
//!
//! The one that [`carry`](super::carry()) and [`carry_future`](super::carry_future) take along, but none
//! while tracing is off: then an annotated function behaves as it would without the attribute.

use opentelemetry::{Context, ContextGuard};

use super::CarryFuture;
use super::current::{attach, current};
use super::handed_on::hand_on;
use super::switch;

/// The context that is current where a call is made, on its way to the work that the call starts.
#[derive(Clone)]
pub struct Carried(Option<Context>);

impl Carried {
    /// Captures the current context.
    #[must_use]
    pub fn here() -> Carried {
        let context = switch::is_on().then(current);
        Carried(context.inspect(hand_on))
    }

    /// Makes the captured context current where the work runs.
    #[must_use]
    pub fn attach(self) -> Option<ContextGuard> {
        self.0.and_then(attach)
    }

    /// Makes an empty context current for the time of the wait, if a context was captured.
    fn detach(&self) -> Option<ContextGuard> {
        self.0.as_ref().and_then(|_| attach(Context::new()))
    }
}

/// Wraps the closure that a spawn call is given.
pub fn carry<F, R>(f: F) -> impl FnOnce() -> R
where
    F: FnOnce() -> R,
{
    let carried = Carried::here();
    move || {
        let _guard = carried.attach();
        f()
    }
}

/// Wraps the future that a spawn call is given.
pub fn carry_future<F: Future>(future: F) -> CarryFuture<F> {
    CarryFuture::new(Carried::here().0, future)
}

fn in_context<R>(carried: Carried, f: impl FnOnce() -> R) -> impl FnOnce() -> R {
    move || {
        let _guard = carried.attach();
        f()
    }
}

/// Two closures for a call that waits for both.
#[must_use]
pub struct Both<A, B> {
    a: A,
    b: B,
    carried: Carried,
}

/// Takes the context along into both closures. The bounds are those of `rayon::join`, so that the
/// compiler points at the closure that does not meet them.
pub fn both<A, B, RA, RB>(a: A, b: B) -> Both<impl FnOnce() -> RA, impl FnOnce() -> RB>
where
    A: FnOnce() -> RA + Send,
    B: FnOnce() -> RB + Send,
    RA: Send,
    RB: Send,
{
    let carried = Carried::here();
    Both { a: in_context(carried.clone(), a), b: in_context(carried.clone(), b), carried }
}

impl<A, B> Both<A, B> {
    /// Has them run by `join`, which may run other people's work while it waits.
    pub fn by<R>(self, join: impl FnOnce(A, B) -> R) -> R {
        let _guard = self.carried.detach();
        join(self.a, self.b)
    }
}

/// Makes a call that waits and may run other people's work meanwhile. `call` is given the current
/// context, to hand on to the work that it waits for.
pub fn waiting<R>(call: impl FnOnce(Carried) -> R) -> R {
    let carried = Carried::here();
    let _guard = carried.detach();
    call(carried)
}

/// The same for an executor that is created in the expression itself, and blocks this thread until
/// `future` is done.
pub fn blocking<E, F: Future, R>(
    executor: E,
    future: F,
    block_on: impl FnOnce(E, CarryFuture<F>) -> R,
) -> R {
    waiting(|carried| block_on(executor, CarryFuture::new(carried.0, future)))
}

/// The argument of a call, before its type is known: where the call takes a future or a closure and the
/// argument is neither, it is passed on unchanged. Then the call is to another function with the same
/// path, or a mistake that the compiler explains.
#[must_use]
pub struct Given<T>(T);

impl<T> Given<T> {
    /// Wraps the argument of a call.
    pub fn new(given: T) -> Given<T> {
        Given(given)
    }
}

// An inherent method comes before one of a trait, but only where its bounds are met.
impl<F: Future> Given<F> {
    /// The future, in the current context.
    pub fn carry_future(self) -> CarryFuture<F> {
        carry_future(self.0)
    }
}

impl<F: Call> Given<F> {
    /// The closure, in the current context.
    pub fn carry(self) -> impl FnOnce() -> F::Output {
        carry(|| self.0.call())
    }
}

/// `FnOnce()` as a trait whose result type need not be named in a bound.
pub trait Call {
    /// What it returns.
    type Output;

    /// Calls it.
    fn call(self) -> Self::Output;
}

impl<F, R> Call for F
where
    F: FnOnce() -> R,
{
    type Output = R;

    fn call(self) -> R {
        self()
    }
}

/// The argument of a call to another function, which stays as it is.
pub trait Uncarried<T> {
    /// Itself.
    fn carry_future(self) -> T;

    /// Itself.
    fn carry(self) -> T;
}

impl<T> Uncarried<T> for Given<T> {
    fn carry_future(self) -> T {
        self.0
    }

    fn carry(self) -> T {
        self.0
    }
}
