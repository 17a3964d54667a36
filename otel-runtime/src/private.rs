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

pub use crate::call::annotation::Annotation;
pub use crate::call::frame::{Span, inspected_call};
pub use crate::call::future::{traced_future, traced_result};
pub use crate::call::links::{IntoLink, IntoLinks};
pub use crate::call::outcome::{
    Failure, Judgement, Out, ResultOf, described, error_if, error_of, error_type, ok_if, part,
};
pub use crate::call::probe::Probe;
pub use crate::call::ret::{Returned, record, returned_value};
pub use crate::call::returned::{boxed, made_future, made_stream, make};
pub use crate::call::start::Start;
pub use crate::call::timings::timed;
pub use crate::context::spawned::{Carried, Given, blocking, both, carry, carry_future, waiting};
pub use crate::context::trust::{extract, received};
pub use crate::privacy::names::is_pii;
pub use crate::span::callsite::{Callsite, Level, here};
pub use crate::span::settings::{IntoParent, SpanName};
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

/// The traits that a type is looked up in, by [`failure!`], [`facts!`] and [`Given`].
pub mod probes {
    pub use crate::call::causes::{AsError, IsBorrowed, IsErased, IsError, NoError};
    pub use crate::call::outcome::{Described, Undescribed};
    pub use crate::call::probe::NotAResult;
    pub use crate::context::spawned::Uncarried;
}

/// `err = %`, the default: whether a value whose type is called `Result` holds an error.
#[doc(hidden)]
#[macro_export]
macro_rules! __failure {
    ($result:expr) => {
        $crate::__private::failure!($result, facts)
    };
    ($result:expr, $facts:ident) => {{
        #[allow(unused_imports)]
        use $crate::__private::probes::{Described as _, NotAResult as _, Undescribed as _};
        match $crate::__private::Probe($result).__otel_error() {
            ::core::option::Option::Some(error) => ::core::option::Option::Some(
                (&&$crate::__private::Probe(error))
                    .__otel_failure()
                    .about($crate::__private::$facts!(error))
                    .with_causes(),
            ),
            ::core::option::Option::None => ::core::option::Option::None,
        }
    }};
}
pub use __failure as failure;

/// `ret`: what a value whose type is called `Result` returns: its `Ok`, or itself if it is not one.
#[doc(hidden)]
#[macro_export]
macro_rules! __returned {
    ($result:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::probes::NotAResult as _;
        $crate::__private::Probe($result).__otel_returned()
    }};
}
pub use __returned as returned;

/// What is known of an error whose type an expansion cannot know.
#[doc(hidden)]
#[macro_export]
macro_rules! __facts {
    ($error:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::probes::{AsError as _, IsErased as _, IsError as _, NoError as _};
        (&&&&$crate::__private::Probe($error)).__otel_facts()
    }};
}
/// The same where the return type says that the error may borrow. A method is found whatever the
/// lifetimes are, and would then be refused for them.
#[doc(hidden)]
#[macro_export]
macro_rules! __facts_of_borrowed {
    ($error:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::probes::{IsBorrowed as _, IsError as _, NoError as _};
        (&&&&$crate::__private::Probe($error)).__otel_facts()
    }};
}
pub use __facts as facts;
pub use __facts_of_borrowed as facts_of_borrowed;
