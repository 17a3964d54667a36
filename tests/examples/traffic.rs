//! Makes traces for tails to choose from: the same ones as often as it is run, but for their ids.
//!
//! `interop/run` runs it with a tail in the process, and without one in front of Collectors. The argument is how many
//! traces to make. Once all of their spans have ended it prints `made`; for a line on its standard input it ends the
//! late ones, which begin after their trace was decided, and prints `late`. With the end of the input it says what has
//! become of the spans.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::io::{self, BufRead};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{self, Poll, Waker};
use std::thread;
use std::time::{Duration, SystemTime};

use fastrand::Rng;
use opentelemetry::global::{self, BoxedTracer};
use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId, TraceState, Tracer,
};
use opentelemetry::{Array, Context, KeyValue, Value};
use otel_runtime::traced;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let traces: i64 = arguments.next().ok_or("how many traces?")?.parse()?;
    let between = match arguments.next() {
        Some(a_second) => Duration::from_secs(1) / a_second.parse()?,
        None => Duration::ZERO,
    };
    let telemetry = otel_runtime::init()?;
    let others = global::tracer("others");

    let drawn: Vec<_> = (0..traces).map(Trace::drawn).collect();
    let made: usize = drawn.iter().map(|trace| trace.spans.len()).sum();
    let mut late = Vec::new();
    for trace in drawn {
        late.extend(trace.make(&others));
        thread::sleep(between);
    }
    telemetry.flush_deciding_within(Duration::from_secs(60))?;
    println!("made {made}");

    let mut told = io::stdin().lock().lines();
    told.next().transpose()?;
    for (span, under) in &late {
        OpenSpan::start(span, under, &others).end();
    }
    telemetry.flush_deciding_within(Duration::from_secs(60))?;
    println!("late {}", late.len());

    told.next().transpose()?;
    telemetry.shutdown_within(Duration::from_secs(60))?;
    Ok(())
}

/// What is to be made: the spans of a trace, the root first.
struct Trace {
    spans: Vec<Spec>,
    /// The order in which they end.
    ends: Vec<usize>,
    late: Option<Spec>,
    /// What the root is under: nothing, or a caller in another process.
    above: Context,
}

struct Spec {
    name: &'static str,
    /// Of spans of another library.
    kind: SpanKind,
    /// The place of its parent among the spans of its trace. The root's own.
    parent: usize,
    ours: bool,
    fails: bool,
    /// How long it takes. Spans of ours take as long as they take, which is next to nothing.
    took: Duration,
    attributes: Vec<KeyValue>,
}

impl Trace {
    fn drawn(number: i64) -> Self {
        let mut drawn = Rng::with_seed(number.unsigned_abs());
        // Seldom many.
        let number_of_spans = 1 + drawn.u8(..8) * drawn.u8(..8) / 6;
        let count = usize::from(number_of_spans);
        let mut spans: Vec<_> =
            (0..count).map(|place| Spec::drawn(number, place, &mut drawn)).collect();
        spans[0].attributes.push(KeyValue::new("spans", i64::from(number_of_spans)));
        let mut ends: Vec<_> = (0..count).collect();
        drawn.shuffle(&mut ends);
        let late = (drawn.u8(..20) == 0).then(|| {
            let mut late = Spec::drawn(number, count, &mut drawn);
            late.attributes.push(KeyValue::new("late", true));
            late
        });
        let above = if drawn.u8(..10) == 0 { caller(&mut drawn) } else { Context::new() };
        Self { spans, ends, late, above }
    }

    /// Gives what is to begin once the trace has been decided, and below what.
    fn make(self, others: &BoxedTracer) -> Option<(Spec, Context)> {
        let mut open: Vec<Option<OpenSpan>> = Vec::new();
        let mut contexts = vec![self.above];
        for spec in &self.spans {
            let span = OpenSpan::start(spec, &contexts[spec.parent], others);
            contexts.push(span.context().clone());
            open.push(Some(span));
        }
        for place in self.ends {
            if let Some(span) = open[place].take() {
                span.end();
            }
        }
        let late = self.late?;
        let under = contexts[late.parent].clone();
        Some((late, under))
    }
}

/// A span in another process.
fn caller(drawn: &mut Rng) -> Context {
    let caller = SpanContext::new(
        TraceId::from(drawn.u128(1..)),
        SpanId::from(drawn.u64(1..)),
        TraceFlags::SAMPLED,
        true,
        TraceState::NONE,
    );
    Context::new().with_remote_span_context(caller)
}

impl Spec {
    fn drawn(number: i64, place: usize, drawn: &mut Rng) -> Self {
        let mut attributes = vec![KeyValue::new("trace.number", number)];
        // Exactly at what tails ask for, and just beside it.
        let took = match drawn.u8(..60) {
            0 => Duration::from_millis(59_999),
            1 => Duration::from_secs(60),
            2 => Duration::from_micros(60_000_900),
            3 => Duration::from_millis(60_002),
            _ => Duration::from_millis(drawn.u64(..1_000)),
        };
        if drawn.u8(..4) == 0 {
            let route = ["/health", "/orders", "/orders/{id}", "/cart"][drawn.usize(..4)];
            attributes.push(KeyValue::new("http.route", route));
        }
        if drawn.u8(..6) == 0 {
            attributes.push(KeyValue::new(
                "shop.tenant",
                ["acme", "globex", "initech"][drawn.usize(..3)],
            ));
        }
        if drawn.u8(..6) == 0 {
            attributes.push(KeyValue::new("shop.items", in_any_form(drawn.i64(0..200), drawn)));
        }
        if drawn.u8(..6) == 0 {
            attributes.push(KeyValue::new("shop.cached", in_any_form(drawn.bool(), drawn)));
        }
        Self {
            name: ["GET /orders", "SELECT orders", "work"][drawn.usize(..3)],
            kind: [SpanKind::Server, SpanKind::Client, SpanKind::Internal][drawn.usize(..3)]
                .clone(),
            // Contexts are counted from the one above the root.
            parent: if place == 0 { 0 } else { 1 + drawn.usize(..place) },
            ours: drawn.bool(),
            fails: drawn.u8(..50) == 0,
            took,
            attributes,
        }
    }
}

/// Now and then as a text, or as one of several.
fn in_any_form<T>(value: T, drawn: &mut Rng) -> Value
where
    T: Clone + ToString + Into<Value>,
    Array: From<Vec<T>>,
{
    match drawn.u8(..8) {
        0 => value.to_string().into(),
        1 => Value::Array(vec![value.clone(), value].into()),
        _ => value.into(),
    }
}

/// A span that has started.
enum OpenSpan<'a> {
    Ours(Context, Pin<Box<dyn Future<Output = Result<(), Failed>> + 'a>>),
    /// Of another library, with the time at which it is to have ended.
    Others(Context, SystemTime, &'a Spec),
}

impl<'a> OpenSpan<'a> {
    fn start(spec: &'a Spec, under: &Context, others: &BoxedTracer) -> Self {
        if spec.ours {
            let context = Rc::new(Cell::default());
            let mut call = Box::pin(work(spec, under.clone(), context.clone()));
            let _ = poll(call.as_mut());
            return Self::Ours(context.take(), call);
        }
        let ends = SystemTime::now();
        let builder = others
            .span_builder(spec.name)
            .with_kind(spec.kind.clone())
            .with_start_time(ends - spec.took);
        let context = under.with_span(others.build_with_context(builder, under));
        context.span().set_attributes(spec.attributes.clone());
        Self::Others(context, ends, spec)
    }

    fn context(&self) -> &Context {
        match self {
            Self::Ours(context, _) | Self::Others(context, ..) => context,
        }
    }

    fn end(self) {
        match self {
            Self::Ours(_, mut call) => assert!(poll(call.as_mut()).is_ready()),
            Self::Others(context, ends, spec) => {
                if spec.fails {
                    context.span().set_status(Status::error("failed"));
                }
                context.span().end_with_timestamp(ends);
            }
        }
    }
}

/// A span of ours, which ends when it is polled for the second time.
#[traced(parent = under, name = spec.name)]
async fn work(spec: &Spec, under: Context, context: Rc<Cell<Context>>) -> Result<(), Failed> {
    let current = Context::current();
    current.span().set_attributes(spec.attributes.clone());
    context.set(current);
    let mut begun = false;
    poll_fn(|_| if std::mem::replace(&mut begun, true) { Poll::Ready(()) } else { Poll::Pending })
        .await;
    if spec.fails { Err(Failed) } else { Ok(()) }
}

fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut task::Context::from_waker(Waker::noop()))
}

#[derive(Debug)]
struct Failed;

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failed")
    }
}

impl Error for Failed {}
