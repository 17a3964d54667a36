//! Which traces are kept, once they are over?
//!
//! A head sampler decides when a trace begins, and knows neither whether it fails nor how long it takes. A
//! [`TailPolicy`] decides when the last span of the local trace has ended, and sees all of them. It is a list of
//! rules: what meets a rule of [`drop_if`](TailPolicyBuilder::drop_if) is dropped first; of the others a trace is
//! kept by the first rule that takes it, and dropped where none does.
//!
//! ```
//! use std::time::Duration;
//! use otel_runtime::sampling::tail::{SpanCondition, TailPolicy, TailRule, TraceCondition};
//!
//! # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
//! let probe = SpanCondition::all_of([SpanCondition::root(), SpanCondition::route("/healthz")]);
//! let policy = TailPolicy::builder()
//!     // A probe that does not fail: the one negation says of which spans it speaks.
//!     .drop_if(TraceCondition::all_of([
//!         TraceCondition::some_span(probe),
//!         TraceCondition::no_span(SpanCondition::error()),
//!     ]))
//!     .keep_if(SpanCondition::error())
//!     .keep_if(SpanCondition::slower_than(Duration::from_millis(250)))
//!     .keep(TailRule::rest().ratio(0.05))
//!     .build()?;
//! assert_eq!(
//!     policy.to_string(),
//!     "drop(all(span(root, http.route=/healthz), no_span(error))), error, slower=250ms, ratio=0.05",
//! );
//! # Ok(())
//! # }
//! ```
//!
//! The same is written as a text, in `OTEL_TRACED_TAIL` for example: see the page on tail sampling.
//!
//! | what is said | of what |
//! | --- | --- |
//! | [`SpanCondition`] | one span. Put together by `all_of`, `any_of` and `not`, it is still about one and the same span |
//! | [`TraceCondition`] | the trace: some span, no span, how many spans, how long it lasts |
//! | [`TailRule`] | what becomes of traces that meet a condition: kept, or a share, or so many a second |

mod bucket;
mod check;
mod conditions;
mod decide;
mod implied;
mod matcher;
mod policy;
mod reasons;
mod recording;
mod rule;
mod seen;
mod span_condition;
mod state;
#[cfg(test)]
mod tests;
mod trace_condition;
mod trial;
mod words;
mod write;

pub use policy::{TailPolicy, TailPolicyBuilder};
pub use recording::Recording;
pub use rule::{RateLimit, TailRule};
pub use span_condition::SpanCondition;
pub use trace_condition::TraceCondition;
pub use trial::Verdict;

pub(crate) use decide::{Decision, Reason};
pub(crate) use rule::{Larger, Limit, Written};
pub(crate) use seen::{AttributeValue, FinishedSpan, Single, Totals};
pub(crate) use span_condition::{Meaning, SpanTest, Value};
pub(crate) use state::{ThresholdChange, randomness, with_threshold};
pub(crate) use trace_condition::TraceTest;
pub(crate) use words::WORDS;
pub(crate) use write::word_of_kind;
