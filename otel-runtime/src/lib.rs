//! Distributed tracing for Rust services: one attribute and one line in `main`.
//!
//! [`#[traced]`](macro@traced) gives a function an [OpenTelemetry](https://opentelemetry.io) span.
//! [`init`] sends the spans to any backend that speaks OTLP; where none is set, it draws the traces in
//! the terminal. Arguments and results are recorded only where the attribute asks for them. A span says
//! whether its function returned, failed, panicked or was cancelled, and changes nothing of that.
//!
//! # Quick start
//!
//! ```toml
//! [dependencies]
//! otel-runtime = "0.1"
//! ```
//!
//! ```no_run
//! use otel_runtime::traced;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let telemetry = otel_runtime::init()?; // reads the standard `OTEL_*` variables
//!     checkout(7)?;
//!     telemetry.shutdown()?; // sends the last spans
//!     Ok(())
//! }
//!
//! #[traced(attrs(order_id))]
//! fn checkout(order_id: u64) -> Result<(), std::num::ParseIntError> {
//!     let pieces = pieces("12")?;
//!     println!("order {order_id} has {pieces} pieces");
//!     Ok(())
//! }
//!
//! #[traced(ret)]
//! fn pieces(text: &str) -> Result<u32, std::num::ParseIntError> {
//!     text.parse()
//! }
//! ```
//!
//! As it is, this draws a trace of two spans on stderr. With
//! `OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318` in the environment the trace goes to the Collector
//! or the backend that listens there.
//!
//! [`init`] returns the guard [`Telemetry`], which sends the last spans when it is shut down or dropped:
//! keep it in a variable until the end of `main`. [`builder`] is for settings in code. A program that has
//! a tracer provider hands it to [`adopt`] in place of `init`.
//!
//! A library depends on the attribute alone, which brings 13 crates. Its functions have spans as soon as
//! the program that uses it calls `init` or `adopt`:
//!
//! ```toml
//! [dependencies]
//! otel-runtime = { version = "0.1", default-features = false, features = ["macros"] }
//! ```
//!
//! # The attribute
//!
//! | write | to have |
//! | --- | --- |
//! | `#[traced]` | a span with the function's name and place; an `Err` and a panic as its error |
//! | `name = "GET /cart/{id}"`, `kind = server` | another name, another [kind](opentelemetry::trace::SpanKind) |
//! | `attrs(user_id, total = %total)`, `attrs(..), skip(body)` | attributes: a value, its `Display`; all parameters but one |
//! | `scoped(tenant.id = id)` | attributes of every span inside |
//! | `annotate`, with `attrs` | no span: the attributes go onto the one that is current |
//! | `ret`, `ret(items = \|cart\| cart.len())` | the returned value, or parts of it |
//! | `err = ?`, `err = false`, `error_if`, `ok_if`, `error_type` | another text for errors, or another idea of what is one |
//! | `skip_pii` | no attribute that is named like personal data or a secret, and no text of errors |
//! | `parent(extract = headers)`, `parent = context`, `root`, `links(..)` | another parent, none, or links |
//! | `level = debug`, `min_duration = "5ms"`, `fold = 100` | no span below the [`filter`], for short calls, or for each turn of a loop |
//! | `timings` | how long an async function worked, and how long it waited |
//! | `scope`, `carry = false`, `crate = path` | what is seldom needed |
//! | `#[traced(..)]` on an `impl`, `trait` or `mod`, `#[traced(off)]` inside | the same for all functions in it, but for some |
//!
//! [`traced`](macro@traced) describes each. [`context`] is about threads, tasks and other services.
//!
//! What is known only while a function runs, it says itself, of the span that is current then, whoever made it:
//! [`record("rows", n)`](record()), [`event`], [`set_error`], [`set_name`], [`link`]; [`trace_id`] is for answers and
//! messages.
//!
//! # Features
//!
//! | feature | what it adds | default |
//! | --- | --- | --- |
//! | `macros` | [`#[traced]`](macro@traced) | yes |
//! | `http` | context in and out of `http::HeaderMap` and requests | yes |
//! | `tokio` | [`context::JoinSetExt`], [`context::RuntimeExt`] | yes |
//! | `tokio-process` | [`context::CommandExt`] for `tokio::process::Command`; for that of `std` it is always there | no |
//! | `tower` | [`tower`](mod@tower): layers that give HTTP requests their spans, on servers and clients | no |
//! | `axum` | `tower`, which then knows the routes of axum 0.8, and who is connected | no |
//! | `reqwest` | [`reqwest`](mod@reqwest): a span for each request that reqwest 0.13 sends | no |
//! | `reqwest-middleware` | a span for each attempt of reqwest-middleware 0.5 | no |
//! | `tonic` | [`tonic`](mod@tonic): layers that give calls of tonic 0.14 their spans, on servers and clients | no |
//! | `messaging` | [`messaging`](mod@messaging): spans of messages that are sent, received and processed | no |
//! | `tracing` | [`logs()`]: log lines and log records of `tracing` and `log` that know their span | no |
//! | `secrecy`, `redact` | values of `secrecy` 0.10 and `redact` 0.1 can be listed, and only as `hash(x)`, `mask(x)` or `truncate(x, n)` | no |
//! | `otlp-grpc` | export by OTLP over gRPC | yes |
//! | `otlp-http` | export by OTLP over HTTP, in protobuf or JSON, and into a file | yes |
//! | `console` | traces drawn on stderr | yes |
//! | `sdk` | [`init`], [`builder`] and the guard; every exporter brings it along | yes |
//! | `metrics` | [metrics](guide::metrics) of how often functions are called and how long that takes | no |
//! | `zstd` | compression of OTLP by zstd, beside gzip; needs a C compiler | no |
//! | `config-file` | `OTEL_CONFIG_FILE`, the declarative configuration of OpenTelemetry | no |
//! | `signals` | [`Telemetry::flush_on_signals`]: the last spans, on SIGTERM and SIGINT; Unix only | no |
//! | `testing` | [`testing::capture`]: the spans of one test | no |
//!
//! # To read on
//!
//! [The guide](guide) answers one question a page: [the first trace](guide::quick_start), axum, tonic, databases, tests,
//! production, backends, [settings](guide::configuration), [troubleshooting](guide::troubleshooting), and more.
//!
//! When something is not as it should be, print [`doctor()`], which says what keeps spans from arriving,
//! and [`describe()`], which says what holds and who set it.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub use opentelemetry;
#[cfg(feature = "sdk")]
pub use opentelemetry_sdk;
/// Gives a function a span.
///
/// The span starts when the function is called (an async one: first polled), is the current
/// OpenTelemetry context of everything called and awaited inside, and ends on every way out. It
/// records what was asked for and nothing else.
///
/// ```
/// use otel_runtime::traced;
///
/// # struct Cart;
/// # struct StoreError;
/// #[traced(attrs(user_id, email), skip_pii)]
/// async fn load_cart(user_id: u64, email: String) -> Result<Cart, StoreError> {
///     // `user_id` is recorded. `email` is personal, so it is not even evaluated.
/// #   Ok(Cart)
/// }
/// ```
///
/// # Arguments
///
/// All are optional, in any order. Giving one twice is an error.
///
/// | argument | meaning |
/// | --- | --- |
/// | `name = "GET /cart"`, a constant, or any expression that is `Into<Cow<'static, str>>` | The span's name. Default: `function` or `Type::method`, and `Trait::method` for blanket implementations and default methods. Keep its cardinality low: an argument's value is an attribute, not a name. |
/// | `kind = server`, `client`, `producer`, `consumer` or `internal` | The [span kind](https://opentelemetry.io/docs/specs/otel/trace/api/#spankind). Default: `internal`. |
/// | `attrs(user_id, ...)` | The attributes, see below. |
/// | `attrs(..)` | Every parameter but `self` and those that begin with `_`; more can be listed behind it. |
/// | `skip(a, b)` | The parameters that `attrs(..)` leaves out. |
/// | `scoped(tenant.id = id, ...)` | Attributes of the function's span and of every span that begins inside, whoever makes it: [below](#scopes). |
/// | `skip_pii` | Drops attributes whose key, or any part of whose path, names personal data or a secret, at compile time: [Personal data](guide::personal_data) lists the names, to which the variable `OTEL_TRACED_PII` adds where the crate is compiled. Errors and panics are recorded by type, without their text, and such a panic also on the spans of the callers. Below the filter a function keeps nothing back of a panic: its callers need `skip_pii` too. `otel_runtime::describe()` tells what is dropped where. |
/// | `hash(x)`, `mask(x)`, `mask(x, 4)`, `truncate(x, 3)` as a value in `attrs` | A form that tells less than the value, also under `skip_pii`: by the key of `OTEL_TRACED_HASH_KEY`, four asterisks and the last four characters, the first three. |
/// | `pii(note = email, login = public)` | Beside `skip_pii`: what an attribute is, whatever its name. |
/// | `err = %` or `err = ?` | An `Err` is recorded with its `Display` and that of its causes (the default), or its `Debug`. Where the return type is not called `Result`, this says that it is one. |
/// | `err = \|error\| ...` | An `Err` is recorded with the text that the closure makes of `&E`. |
/// | `err = false` | An `Err` is a result like any other. |
/// | `ok_if = \|ret\| ...`, `error_if = \|ret\| ...` | Decides over `&Ret`, of any type, what counts as an error. Without an `Err` to tell more, `error.type` is `_OTHER`. The closure of `error_if` may return an `Option` of what describes the error, or a `Result` whose `Err` does, in place of a `bool`. |
/// | `error_type = \|ret\| ...` | The `error.type` of a result that counts as an error, such as a code: what the closure over `&Ret` returns, as its `Display`. No text is none. |
/// | `ret`, `ret = %`, `ret = ?` | Records the returned value, of a `Result` its `Ok`, as `return`: as it is, as its `Display` or as its `Debug`. |
/// | `ret(total = \|ret\| ..., items = ?\|ret\| ...)` | Records what the closures make of `&Ret`. |
/// | `parent = context` | The span hangs under the span of a [`Context`](opentelemetry::Context), whose baggage comes along; with a [`SpanContext`](opentelemetry::trace::SpanContext) only the parent changes. |
/// | `parent(extract = headers)` | The span continues the trace of the caller that the headers, request or map name, or else begins one. The caller's trace and baggage are passed on also where there is no span: below the [`filter`], and with `OTEL_SDK_DISABLED`. The same goes for `parent`. |
/// | `parent(extract = headers, trust = Trust::Link)` | As much of the caller is believed as an expression of type [`context::Trust`] says. Default: `Trust::Trust`. Under `Trust::Link` the span starts a new trace and links to the caller's span, without the caller's baggage; under `Trust::Ignore` it does as if the caller had said nothing. |
/// | `root` | The span starts a new trace. Baggage stays. Where there is no span, what is called inside begins traces of its own. |
/// | `links(message, ...)` | Links the span to others: each is a [`SpanContext`](opentelemetry::trace::SpanContext), a [`Context`](opentelemetry::Context), a reference to one, or an `Option`, a collection or an iterator of them. Those that are invalid are left out. A variable is only referred to, so an iterator in one is cloned; `{ variable }` takes it. |
/// | `annotate` | The function has no span: its `attrs(..)` go onto the span that is current when it is called (an async function: first polled), whoever made that, where it is recorded. With `skip`, `skip_pii`, `level`, `carry` and `crate`; nothing else, which would be about a span of its own. In a block it holds for each function that says nothing of such a span; `annotate = false` takes it back. A sampler does not see these attributes. |
/// | `level = trace`, `debug`, `info`, `warn` or `error` | How severe it is, for the [`filter`], which lets through `info` and what is more severe unless it is told otherwise. Default: `info`. |
/// | `min_duration = "5ms"` | The span is dropped if it was shorter, did not fail, has no child, whoever made that, and was not handed on to another process or thread. It stays for a child that is dropped itself, but not for a `root` or for what has another `parent`. A number, such as 5 or 1.5, and `ns`, `us`, `ms` or `s`. With [`adopt`] it is kept, and a line on stderr says so, once. |
/// | `sample = 0.01` | The share of the traces that begin here which the sampler is asked about, from 0 to 1, a number or a constant; the others are dropped before anything is evaluated. It only takes away: the sampler decides about the rest. With a ratio the smaller of both counts, since both keep the same traces; a rate counts what is left. A span with a parent, local or remote, is not concerned: it follows the sampler, which by default follows the parent. With [`adopt`] it has no effect, and a line on stderr says so, once; a capture of a test keeps every trace. |
/// | `fold = 100` | Of the children of one span that this function makes, the first so many are spans, and one more stands for the rest: [below](#loops). From 1 to 4294967295, or `false` for all of them, whatever [`Builder::fold`] says. Default: what that says. With [`adopt`] every span is kept, and a line on stderr says so, once. |
/// | `scope = "name"` | The [instrumentation scope](https://opentelemetry.io/docs/specs/otel/common/instrumentation-scope/), which then has no version. Default: the crate's name and version. |
/// | `timings` | On an async function: `busy_ns`, the time spent in its polls, `idle_ns`, the time between them, `polls`, and `longest_poll_ns`, all integers. Set when it ends, also by a panic or by being dropped. |
/// | `carry = false` | What the body spawns does not take the context along. By default, [some spawn calls](context#spawn-calls-in-annotated-functions) do. |
/// | `crate = path` | Where this crate is, if not at `::otel_runtime`. |
/// | `off` | No span, inside a block that has them. It stands alone. |
///
/// # Attributes
///
/// ```
/// # use otel_runtime::traced;
/// # struct Item;
/// # impl std::fmt::Debug for Item {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("Item") }
/// # }
/// # struct Order { id: u64, total: f64, items: Vec<Item> }
/// # struct Warehouse { shard: &'static str }
/// # impl Warehouse {
/// #[traced(attrs(
///     user_id,                   // user_id, as a number
///     order.id,                  // order.id
///     order.weight = order.items.len(), // order.weight
///     "enduser.id" = user_id,    // enduser.id
///     total = %order.total,      // as its Display
///     items = ?order.items,      // as its Debug
///     self.shard,                // shard
/// ))]
/// fn ship(&self, user_id: u64, order: &Order) {
///     // ...
/// }
/// # }
/// ```
///
/// Without a sigil a value keeps its type: `bool`, integers (`NonZero`, too), floats, `char`, strings, and
/// `Option`, references, `Box`, `Rc`, `Arc` and `Cow` of these. `None` records nothing. An integer that does
/// not fit into `i64`, the only integer type of OpenTelemetry, is recorded as a string of its digits.
/// `Vec`s, arrays, slices, `VecDeque`s and sets of all these become arrays, but for those of `Option`s and of
/// lists, since an array of OpenTelemetry has elements of one kind: where one of its integers does not fit,
/// all are strings. A type that is none of these is recorded by `%` or `?`.
///
/// Values are evaluated before the body, and only for a span that may be recorded: never while tracing is
/// off, and not where the sampler has dropped the trace, unless it looks at attributes, as a rule by route
/// or a sampler of the program's own does. What panics in doing so, an expression as well as a `Display` or
/// `Debug`, does not reach the caller: the span goes without that value, and the first time is told on
/// stderr. (Under `panic = "abort"` nothing can be done about it.)
///
/// What is a place, such as `user_id` or `self.shard`, is only referred to, also by `name`, `parent` and
/// `links`: the body still has it.
///
/// Every span also has `code.function.name`, `code.file.path` and `code.line.number`
/// ([conventions](https://opentelemetry.io/docs/specs/semconv/code/)).
///
/// # Scopes
///
/// What `scoped(..)` lists, in every form that `attrs` knows but `..`, the function's span has, and every span
/// that begins inside, by whatever it calls, awaits and carries to other threads and tasks, whoever makes
/// them. [`context::scope`] says which spans of other libraries have them, and what holds if a key is there
/// twice.
///
/// ```
/// use otel_runtime::traced;
///
/// #[traced(scoped(tenant.id = tenant))]
/// fn handle(tenant: u64) {
///     charge(7);
/// }
///
/// #[traced(attrs(amount))]
/// fn charge(amount: u64) {} // its span has `tenant.id` too, if `handle` has called it
/// # handle(3);
/// ```
///
/// They are evaluated once a call, after `attrs`, where a span right inside could be recorded: so also if the
/// [`filter`] leaves this function out; but neither while tracing is off, nor in a trace that is not sampled,
/// nor if telemetry is suppressed. A `root` inside a function that is not sampled has none of them.
///
/// # Loops
///
/// A function that is called in a loop makes a span a turn. With `fold = 100`, or
/// [`Builder::fold`] for every function, the first hundred of them under one parent are spans, and the rest is
/// one span of the same name:
///
/// | of the one span | is |
/// | --- | --- |
/// | start, end | those of the first and of the last that it stands for |
/// | `traced.folded.count` | for how many it stands, an integer |
/// | `traced.folded.total_ns` | the sum of their durations, in nanoseconds; more than its own where they overlap |
/// | `traced.folded.largest_ns` | the largest of their durations, in nanoseconds |
/// | other attributes | those that all of them have with the same value |
///
/// A span stays one of its own if it failed, has a child, whoever made that, or a link, or was handed on to
/// another process or thread, as with `min_duration`; and always where its parent is not in this process.
///
/// They are counted on the thread that they end on, as they end: work on four threads has up to four hundred
/// spans and four that stand for the rest. The one span is written when the parent ends on that thread,
/// with a flush, at the end of the thread, or with the next batch once ten seconds have passed since the first
/// that it stands for; counting goes on then. [`Stats::folded`] counts those that are folded.
///
/// # What becomes of a call
///
/// | outcome | span |
/// | --- | --- |
/// | `Ok`, or a type that is not a `core::result::Result` | status unset |
/// | `Err` | status error; `error.type` is the error's type; its text, and that of its causes, as description. On the innermost span that saw it, one `exception` event with type and text; a caller whose error has a longer text, by a context that was added, has an event of its own |
/// | panic | status error; `error.type` is `panic`; message and place in one `exception` event, where it is certain which panic it is; the panic goes on |
/// | a future that is dropped before it is done | `traced.outcome` is `cancelled`; not an error |
///
/// Causes are those of [`Error::source`](std::error::Error::source), 32 at most and 8 KiB of text; one that
/// the text tells already is not told twice. `error.type` is what the program has set, by `attrs` or on the
/// current span, if it has. Where the type may hold any error (`Box<dyn Error>`, `anyhow::Error`,
/// `eyre::Report`), it is that of the first error of the standard library among the error and its causes, or
/// else the first name that one of them begins its `Debug` with, such as an enum's variant.
///
/// # Blocks
///
/// On an `impl`, a `trait` or a `mod { .. }`, the attribute applies to every function in it, however
/// deep. What stands on one of them goes over what stands on the block: its arguments replace the
/// block's, `attrs` key by key, and `skip_pii = false` or `root = false` takes a flag back.
///
/// ```
/// # use otel_runtime::traced;
/// # struct Warehouse { shard: &'static str }
/// #[traced(attrs(self.shard), kind = client)]
/// impl Warehouse {
///     fn open(&self) {}
///
///     #[traced(attrs(id), kind = internal)] // and `shard`
///     async fn load(&self, id: u64) {}
///
///     #[traced(off)]
///     fn size(&self) -> usize {
/// #       0
///     }
/// }
/// ```
///
/// A `const fn` and a function without a body are passed over, and so is what a macro in the block
/// makes. `err` is about those functions whose result is a `Result`.
///
/// # Async functions
///
/// An annotated `async fn` becomes a function that returns `impl Future`, which is how rustdoc shows
/// it. The future is hardly larger than without the attribute, and smaller with large arguments.
///
/// It may stand above or below `#[async_trait]`, `#[tokio::main]` and other attributes that want an
/// `async fn`.
///
/// A function that is not async and returns `impl Future`, `Pin<Box<dyn Future>>` or `BoxFuture` runs
/// outside its span, which is that of the future: from its first poll to its end. Attributes, name and
/// parent are taken at the call. A `Stream`, known in the same way, has a span from its first poll until
/// it has no more items. Both are known by these names, with an `Output` or an `Item`. Beside them may
/// stand `Send`, `Sync`, `Unpin`, `UnwindSafe`, `RefUnwindSafe`, `FusedFuture`, `FusedStream` and
/// lifetimes; with any other bound, such as `Sink`, the span is that of the call.
///
/// # What is not as without it
///
/// A function returns, prints, drops and panics as without the attribute, and the compiler says of it
/// what it said, in every edition. The exceptions:
///
/// - where nobody looks at the result, arguments, and before edition 2024 temporaries of the last
///   expression, are dropped after the span has ended, so that a span made in their `Drop` is not its
///   child; where somebody does (a `Result`, `ret`, `ok_if`, `error_if`), they are dropped inside;
/// - `#[track_caller]` is lost on a function whose result is looked at and whose body has a `return`, a `?`
///   or a macro that is not of the standard library, if it is `unsafe` or in a `trait` or in an `impl` of
///   one, if a parameter is a pattern, or if it is a method that has neither a visibility nor the attribute
///   on its `impl`;
/// - there, before edition 2024, temporaries of the last expression are dropped before the locals of the
///   body, not after them;
/// - `#[must_use]` on an `async fn` does not warn about the awaited value any more;
/// - the arguments of a future that is never polled are dropped in the opposite order;
/// - a closure that an `async` method returns has to give its parameters their types;
/// - a parameter that only the attribute names is no unused one;
/// - a value of the attribute that panics is lost to the span, and the function goes on, but the message of
///   the panic is on stderr;
/// - a body that is `async`, or whose result is looked at, runs in a block or a closure of its own: the type
///   names of what is defined in it have a `{{closure}}` more, a parameter that is shadowed before it is used
///   is not told as unused, nor a function that can only call itself, and of an assignment to what may not
///   change, of a `break` outside of a loop and of a `?` where nothing can fail the compiler speaks as in a
///   closure or an async block;
/// - a method that is `async`, or whose result is looked at, and that takes `mut self` and changes it, is not
///   told of a variable that is assigned and never read.
///
/// # In a global allocator
///
/// Do not annotate what a global allocator calls. A span takes memory, so the function would call itself.
#[cfg(feature = "macros")]
pub use otel_macros::traced;

pub use call::current::{event, link, record, set_error, set_name, trace_id};
#[cfg(feature = "sdk")]
pub use context::propagation::{CustomPropagator, Propagator};
#[cfg(feature = "sdk")]
pub use export::pipeline::{
    Delivery, Dropped, Early, ExporterStats, FlightStats, Late, Refused, ShutdownError, Stats,
    TailStats, Undecided,
};
#[cfg(feature = "sdk")]
pub use export::settings::{Compression, Protocol, Temporality};
#[cfg(feature = "tower")]
pub use instrumentation::http::method::set_known_http_methods;
#[cfg(feature = "tracing")]
pub use instrumentation::logs::{self, setup::logs};
#[cfg(feature = "messaging")]
pub use instrumentation::messaging;
#[cfg(feature = "reqwest")]
pub use instrumentation::reqwest;
#[cfg(feature = "tonic")]
pub use instrumentation::tonic;
#[cfg(feature = "tower")]
pub use instrumentation::tower;
#[cfg(feature = "sdk")]
pub use process::stderr::LogLevel;
#[cfg(feature = "sdk")]
pub use sampling::Sampler;
#[cfg(feature = "sdk")]
pub use setup::collector;
#[cfg(feature = "sdk")]
pub use setup::config::{
    Builder, Description, Preset, Setting, SkippedAttributes, Source, Warning, builder,
};
#[cfg(feature = "sdk")]
pub use setup::doctor::{Diagnosis, Finding, Note, doctor, doctor_within};
#[cfg(feature = "sdk")]
pub use setup::error::InitError;
#[cfg(feature = "sdk")]
pub use setup::flight;
#[cfg(feature = "sdk")]
pub use setup::forked::after_fork;
#[cfg(feature = "sdk")]
pub use setup::install::init;
#[cfg(feature = "sdk")]
pub use setup::installed::describe;
#[cfg(feature = "sdk")]
pub use setup::telemetry::Telemetry;
pub use span::exceptions::{ExceptionEvents, set_exception_events};
pub use span::filter;
pub use span::install::{AdoptError, adopt};
#[cfg(feature = "sdk")]
pub use span::scoped_attributes::ScopedAttributes;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub mod context;
pub mod privacy;
#[cfg(feature = "testing")]
pub mod testing;

mod call;
#[cfg(feature = "sdk")]
mod export;
#[cfg(any(feature = "messaging", feature = "tower", feature = "tracing"))]
mod instrumentation;
#[cfg(feature = "metrics")]
mod metrics;
mod process;
#[cfg(feature = "sdk")]
mod record;
#[cfg(feature = "sdk")]
pub mod sampling;
#[cfg(feature = "sdk")]
mod setup;
mod span;

// The code of the pages is compiled by the package `tests/guide`, which has what the examples need.
// The first definition of a link counts: what stands here, and not the page's own, which is a file's name.
/// [actix]: guide::actix
/// [axum]: guide::axum
/// [background-workers]: guide::background_workers
/// [backends]: guide::backends
/// [beside-tracing]: guide::beside_tracing
/// [child-processes]: guide::child_processes
/// [command-line]: guide::command_line
/// [compatibility]: guide::compatibility
/// [configuration]: guide::configuration
/// [context]: guide::context
/// [databases]: guide::databases
/// [detectors]: guide::detectors
/// [ending]: guide::ending
/// [flight-recorder]: guide::flight_recorder
/// [from-go]: guide::from_go
/// [from-instrument-to-traced]: guide::from_instrument_to_traced
/// [how-it-works]: guide::how_it_works
/// [http-and-grpc]: guide::http_and_grpc
/// [logs]: guide::logs
/// [messages]: guide::messages
/// [metrics]: guide::metrics
/// [nats]: guide::nats
/// [performance]: guide::performance
/// [personal-data]: guide::personal_data
/// [privacy]: guide::privacy
/// [production]: guide::production
/// [quick-start]: guide::quick_start
/// [rabbitmq]: guide::rabbitmq
/// [reqwest]: guide::reqwest
/// [sampling]: guide::sampling
/// [short-lived]: guide::short_lived
/// [tail-sampling]: guide::tail_sampling
/// [terminal]: guide::terminal
/// [testing]: guide::testing
/// [tonic]: guide::tonic
/// [troubleshooting]: guide::troubleshooting
#[doc = include_str!("../docs/README.md")]
#[cfg(all(doc, not(doctest)))]
#[cfg_attr(docsrs, doc(auto_cfg = false))]
pub mod guide {
    /// [tests]: testing#an-axum-router
    #[doc = include_str!("../docs/actix.md")]
    pub mod actix {}

    /// [believe]: http_and_grpc#whom-to-believe
    /// [http]: http_and_grpc
    /// [tests]: testing#an-axum-router
    #[doc = include_str!("../docs/axum.md")]
    pub mod axum {}

    /// [messages]: messages
    #[doc = include_str!("../docs/background-workers.md")]
    pub mod background_workers {}

    /// [settings]: configuration
    /// [keys of a file]: configuration#keys-of-a-file
    #[doc = include_str!("../docs/backends.md")]
    pub mod backends {}

    /// [configuration]: configuration
    /// [from-instrument-to-traced]: from_instrument_to_traced
    /// [logs]: logs
    /// [sampling]: sampling
    #[doc = include_str!("../docs/beside-tracing.md")]
    pub mod beside_tracing {}

    #[doc = include_str!("../docs/child-processes.md")]
    pub mod child_processes {}

    /// [child]: child_processes
    /// [ending]: ending
    #[doc = include_str!("../docs/command-line.md")]
    pub mod command_line {}

    #[doc = include_str!("../docs/compatibility.md")]
    pub mod compatibility {}

    /// [flight-recorder]: flight_recorder
    /// [personal data]: personal_data
    /// [privacy]: privacy
    /// [sampling]: sampling
    /// [tail-sampling]: tail_sampling
    /// [terminal]: terminal
    #[doc = include_str!("../docs/configuration.md")]
    pub mod configuration {}

    /// [child]: child_processes
    /// [formats]: configuration#formats-of-context
    /// [http]: http_and_grpc
    /// [messages]: messages
    /// [reqwest]: reqwest
    /// [workers]: background_workers
    #[doc = include_str!("../docs/context.md")]
    pub mod context {}

    #[doc = include_str!("../docs/databases.md")]
    pub mod databases {}

    #[doc = include_str!("../docs/detectors.md")]
    pub mod detectors {}

    #[doc = include_str!("../docs/ending.md")]
    pub mod ending {}

    /// [ending]: ending
    /// [performance]: performance
    /// [privacy]: privacy
    /// [tail-sampling]: tail_sampling
    #[doc = include_str!("../docs/flight-recorder.md")]
    pub mod flight_recorder {}

    #[doc = include_str!("../docs/from-go.md")]
    pub mod from_go {}

    #[doc = include_str!("../docs/from-instrument-to-traced.md")]
    pub mod from_instrument_to_traced {}

    /// [performance]: performance
    #[doc = include_str!("../docs/how-it-works.md")]
    pub mod how_it_works {}

    #[doc = include_str!("../docs/http-and-grpc.md")]
    pub mod http_and_grpc {}

    /// [beside-tracing]: beside_tracing
    /// [privacy]: privacy
    #[doc = include_str!("../docs/logs.md")]
    pub mod logs {}

    /// [nats]: nats
    /// [rabbitmq]: rabbitmq
    #[doc = include_str!("../docs/messages.md")]
    pub mod messages {}

    /// [filter]: configuration
    /// [`Telemetry::stats`]: crate::Telemetry::stats
    #[doc = include_str!("../docs/metrics.md")]
    pub mod metrics {}

    /// [HTTP]: http_and_grpc#whom-to-believe
    #[doc = include_str!("../docs/nats.md")]
    pub mod nats {}

    /// [production]: production
    #[doc = include_str!("../docs/performance.md")]
    pub mod performance {}

    #[doc = include_str!("../docs/personal-data.md")]
    pub mod personal_data {}

    /// [detectors]: detectors
    /// [personal data]: personal_data
    /// [settings]: configuration
    /// [testing]: testing
    #[doc = include_str!("../docs/privacy.md")]
    pub mod privacy {}

    /// [backends]: backends
    /// [metrics]: metrics
    /// [privacy]: privacy
    /// [sampling]: sampling
    /// [tail]: tail_sampling
    #[doc = include_str!("../docs/production.md")]
    pub mod production {}

    /// [actix]: actix
    /// [axum]: axum
    /// [backends]: backends
    /// [databases]: databases
    /// [from-instrument]: from_instrument_to_traced
    /// [messages]: messages
    /// [production]: production
    /// [reqwest]: reqwest
    /// [testing]: testing
    /// [tonic]: tonic
    /// [troubleshooting]: troubleshooting
    /// [workers]: background_workers
    #[doc = include_str!("../docs/quick-start.md")]
    pub mod quick_start {}

    /// [HTTP]: http_and_grpc#whom-to-believe
    #[doc = include_str!("../docs/rabbitmq.md")]
    pub mod rabbitmq {}

    /// [where]: http_and_grpc#where-context-goes
    #[doc = include_str!("../docs/reqwest.md")]
    pub mod reqwest {}

    /// [tail-sampling]: tail_sampling
    #[doc = include_str!("../docs/sampling.md")]
    pub mod sampling {}

    /// [command-line]: command_line
    #[doc = include_str!("../docs/short-lived.md")]
    pub mod short_lived {}

    /// [sampling]: sampling
    /// [settings]: configuration
    #[doc = include_str!("../docs/tail-sampling.md")]
    pub mod tail_sampling {}

    /// [keys]: configuration
    #[doc = include_str!("../docs/terminal.md")]
    pub mod terminal {}

    #[doc = include_str!("../docs/testing.md")]
    pub mod testing {}

    /// [else]: http_and_grpc#what-else-to-know
    /// [http]: http_and_grpc
    #[doc = include_str!("../docs/tonic.md")]
    pub mod tonic {}

    /// [backends]: backends
    /// [endings]: ending
    /// [Formats of context]: configuration#formats-of-context
    /// [personal data]: personal_data
    #[doc = include_str!("../docs/troubleshooting.md")]
    pub mod troubleshooting {}
}
