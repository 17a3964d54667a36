//! How is the span of a call kept in the stack frame of that call?

use std::mem::ManuallyDrop;

use crate::call::future;
use crate::call::open::Current;
use crate::call::outcome::Failure;
use crate::call::start::Start;
use crate::span::callsite::Callsite;

/// The span of a call, in the stack frame of the call; it ends when that frame is left.
pub struct Span(ManuallyDrop<State>);

enum State {
    /// There is no span here, or no longer.
    Nothing,
    /// The span is about to start; its attributes and settings are being collected.
    Starting(Start),
    Open(Current),
}

impl Span {
    /// No span. Not a constant, since each use of one would copy all of its bytes.
    #[inline]
    #[must_use]
    pub fn none() -> Span {
        Span(ManuallyDrop::new(State::Nothing))
    }

    /// Begins the span of a call. The expansion then sets its attributes, and enters it.
    #[cold]
    #[inline(never)]
    pub fn begin(&mut self, callsite: &'static Callsite) -> Option<&mut Start> {
        self.starting(Start::new(callsite))
    }

    /// Begins the span of a future, inside its first poll.
    #[cold]
    #[inline(never)]
    pub fn begin_future(&mut self, callsite: &'static Callsite) -> Option<&mut Start> {
        // Made even if no wrapper is waiting for a span: it is `Start::new` that asks the filter whether
        // the callsite is on.
        let start = Start::new(callsite);
        self.starting(start.filter(|_| future::is_awaited()))
    }

    /// Starts the span of a call that sets no attributes or settings, and makes it current.
    #[cold]
    #[inline(never)]
    pub fn open(&mut self, callsite: &'static Callsite) {
        self.begin(callsite);
        self.enter();
    }

    /// The same for a future, inside its first poll.
    #[cold]
    #[inline(never)]
    pub fn open_future(&mut self, callsite: &'static Callsite) {
        self.begin_future(callsite);
        self.poll();
    }

    #[expect(clippy::inline_always, reason = "every call that is traced comes through here")]
    #[inline(always)]
    fn starting(&mut self, start: Option<Start>) -> Option<&mut Start> {
        let start = start?;
        let is_dropped = start.is_dropped();
        *self.0 = State::Starting(start);
        match &mut *self.0 {
            State::Starting(start) if !is_dropped => Some(start),
            State::Nothing | State::Starting(_) | State::Open(_) => None,
        }
    }

    /// Starts the span, if one has begun, and makes it current.
    #[cold]
    #[inline(never)]
    pub fn enter(&mut self) {
        if let State::Starting(start) = &mut *self.0 {
            let open = start.open();
            *self.0 = State::Open(Current::new(open));
        }
    }

    /// Starts the span, if one has begun, and leaves it to the future that is being polled.
    #[cold]
    #[inline(never)]
    pub fn poll(&mut self) {
        if let State::Starting(start) = &mut *self.0 {
            future::begin(start);
            *self.0 = State::Nothing;
        }
    }

    /// Ends the span, if there is one, with a look at the result of the call.
    #[inline]
    pub fn inspected<R>(
        &mut self,
        result: R,
        inspect: impl for<'a> FnOnce(&'a R) -> Option<Failure<'a>>,
    ) -> R {
        // By value, or the result would have to have an address also while tracing is off.
        if self.is_there() { self.inspect(result, inspect) } else { result }
    }

    #[cold]
    #[inline(never)]
    fn inspect<R>(
        &mut self,
        result: R,
        inspect: impl for<'a> FnOnce(&'a R) -> Option<Failure<'a>>,
    ) -> R {
        // Where the call has only a context and no span, the span in that context is another call's.
        let has_outcome = matches!(&*self.0, State::Open(current) if current.open.has_outcome());
        self.finish(if has_outcome { inspect(&result) } else { None });
        result
    }

    #[inline]
    fn is_there(&self) -> bool {
        !matches!(*self.0, State::Nothing)
    }

    fn take(&mut self) -> State {
        std::mem::replace(&mut *self.0, State::Nothing)
    }

    #[cold]
    #[inline(never)]
    fn finish(&mut self, failure: Option<Failure<'_>>) {
        if let State::Open(current) = self.take() {
            current.finish(failure);
        }
    }

    #[cold]
    #[inline(never)]
    fn leave(&mut self) {
        if let State::Open(current) = self.take() {
            current.left();
        }
    }
}

impl Drop for Span {
    #[inline]
    fn drop(&mut self) {
        if self.is_there() {
            self.leave();
        }
    }
}

/// Makes the call of an annotated function whose result is inspected; the body begins the span. The bound
/// `FnOnce` lets the body return what it borrows from the arguments of the function, which the body could
/// not if it were a closure that is called on the spot.
#[inline]
pub fn inspected_call<R>(
    body: impl FnOnce(&mut Span) -> R,
    inspect: impl for<'a> FnOnce(&'a R) -> Option<Failure<'a>>,
) -> R {
    let mut span = Span::none();
    let result = body(&mut span);
    span.inspected(result, inspect)
}
