//! What may an expansion of `#[traced]` name?
//!
//! Outside semantic versioning: `otel-macros` and this crate are released together.
//!
//! What looks at a result is one expression, from the inside out:
//!
//! ```text
//! failure!(ret)                                                      what the type says
//! error_of(ret).map(|error| Failure::new(..).about(facts!(error)))   `err = ..`
//! error_if(ret, closure, || that)                                    `error_if = closure`, `ok_if`
//! error_type(ret, closure, that)                                     `error_type = closure`
//! ```

pub use crate::call::causes::{facts, facts_of_borrowed};
pub use crate::call::frame::{Span, inspected_call};
pub use crate::call::future::{traced_future, traced_result};
pub use crate::call::links::{IntoLink, IntoLinks};
pub use crate::call::outcome::{
    Failure, Judgement, Probe, ResultOf, Returned, described, error_if, error_of, error_type,
    failure, ok_if, part, record, returned, returned_value,
};
pub use crate::call::returned::{boxed, made_future, made_stream, make};
pub use crate::call::start::{IntoParent, SpanName, Start};
pub use crate::call::timings::timed;
pub use crate::context::extract;
pub use crate::context::spawned::{Carried, Given, blocking, both, carry, carry_future, waiting};
pub use crate::privacy::is_pii;
pub use crate::span::callsite::{Callsite, Level, here};
pub use crate::span::value::{AttributeValue, Value, debug, display, value};
pub use opentelemetry::trace::SpanKind;

/// Says the output type of an `async` block to type inference; never called.
///
/// # Panics
///
/// Always.
#[must_use]
pub fn hint<T>() -> T {
    unreachable!("a hint to type inference is never evaluated")
}

/// Spells `!` where the never type is not stable: `<fn() -> ! as Out>::Output`.
pub trait Out {
    /// What a function pointer of this type returns.
    type Output;
}

impl<T> Out for fn() -> T {
    type Output = T;
}

/// The traits that a type is looked up in, by [`failure!`], [`facts!`] and [`Given`].
pub mod probes {
    pub use crate::call::causes::{AsError, IsBorrowed, IsErased, IsError, NoError};
    pub use crate::call::outcome::{Described, NotAResult, Undescribed};
    pub use crate::context::spawned::Uncarried;
}
