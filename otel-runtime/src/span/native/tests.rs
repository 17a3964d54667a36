//! What does a span say that the whole recorder made, on a machine whose clock is set?

mod flight;
mod recorded_only;

use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use opentelemetry::trace::{
    Link, SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample, SpanData};

use super::clock::tests::SET;
use super::*;
use crate::export::pipeline::{Exporter, PipelineHandle, Stages};
use crate::export::settings::Batching;
use crate::export::{Export, Exported, Exporting};
use crate::record::{Batch, Limits};
use crate::sampling::{Head, HeadSampler, Ratio, Sampler};
use crate::span::callsite::{Callsite, here};

const HOUR: i64 = 3600 * 1_000_000_000;

/// An exporter that keeps what it is given.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<SpanData>>>);

impl Export for Kept {
    fn destination(&self) -> String {
        "a test".to_owned()
    }

    fn export(&mut self, batch: &Batch) -> Exporting {
        let spans = batch.iter().map(SpanData::from);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(spans);
        Box::pin(std::future::ready(Ok(Exported::default())))
    }
}

static CALLSITE: Callsite = Callsite::new(here(&|| ()), Location::caller(), "", "", 0);
static SHORT: Callsite =
    Callsite::new(here(&|| ()), Location::caller(), "", "", 0).min_duration(60_000_000_000);

/// The spans of `work`, which is given a way to begin one. On a thread of its own, since a thread
/// leaves its spans where it left the first.
fn spans(work: impl FnOnce(&dyn Fn(&'static Callsite) -> Context) + Send) -> Vec<SpanData> {
    std::thread::scope(|scope| scope.spawn(|| spans_of_this_thread(work)).join()).expect("no panic")
}

fn spans_of_this_thread(work: impl FnOnce(&dyn Fn(&'static Callsite) -> Context)) -> Vec<SpanData> {
    let kept = Kept::default();
    let exporter = kept.clone();
    let time = Duration::from_secs(60);
    let batching = Batching {
        max_queue_size: 100,
        max_queue_bytes: 1 << 28,
        max_export_batch_size: 100,
        schedule_delay: time,
        export_timeout: time,
    };
    let resource = Resource::builder_empty().build();
    let connect = Box::new(|_: crate::export::Retries| Ok(Box::new(exporter) as Box<dyn Export>));
    let exporter = Exporter { batching, connect, open_traces: None };
    let pipeline = PipelineHandle::start(vec![exporter], Stages::default(), &resource);
    let pipeline = pipeline.expect("a thread").expect("an exporter");
    let sampler = Head::Standard(Sampler::ParentBasedAlwaysOn).build();
    let limits = Limits { attributes_per_span: u32::MAX, ..Limits::default() };
    let native: &'static Native =
        Box::leak(Box::new(Native::new(sampler, None, None, None, limits, Some(pipeline.clone()))));
    work(&|callsite| {
        let mut begun =
            native.begin(&callsite.description, &callsite.prepared.native).expect("a span");
        begun.start(&callsite.description, None).context
    });
    pipeline.shutdown(time).expect("nothing is lost");
    std::mem::take(&mut kept.0.lock().unwrap_or_else(PoisonError::into_inner))
}

fn end(context: &Context) {
    context.span().end_with_timestamp(NOW);
}

#[test]
fn a_span_takes_as_long_as_it_took_though_the_clock_is_set_meanwhile() {
    for ahead in [-HOUR, HOUR, i64::MIN] {
        let spans = spans(|begin| {
            // The clock is wrong when a span begins here, and is set right before the span ends.
            SET.set(ahead);
            let [by_us, by_hand, short] = [&CALLSITE, &CALLSITE, &SHORT].map(begin);
            SET.set(0);
            // Here the clocks may have been compared a moment ago, and are on another thread.
            let work = || {
                by_us.span().add_event("an event", Vec::new());
                end(&by_us);
                by_hand.span().end();
                end(&short);
            };
            std::thread::scope(|scope| scope.spawn(work).join()).expect("no panic");
        });

        assert_eq!(spans.len(), 2, "one is shorter than its `min_duration`");
        for span in &spans {
            let took =
                span.end_time.duration_since(span.start_time).expect("no end before the start");
            assert!(took < Duration::from_secs(60), "{took:?}");
            let mut events = span.events.iter();
            assert!(events.all(|it| (span.start_time..=span.end_time).contains(&it.timestamp)));
        }
    }
}

#[test]
fn a_time_that_somebody_gives_stays_though_the_clock_is_set_meanwhile() {
    let spans = spans(|begin| {
        SET.set(-HOUR);
        let context = begin(&CALLSITE);
        SET.set(0);
        let given = SystemTime::now() + Duration::from_secs(1000);
        context.span().add_event_with_timestamp("event", given, Vec::new());
        context.span().end_with_timestamp(given);
    });

    let [span] = spans.as_slice() else { panic!("one span: {spans:?}") };
    assert_eq!(span.events.iter().map(|it| it.timestamp).collect::<Vec<_>>(), [span.end_time]);
    assert!(span.end_time > SystemTime::now() + Duration::from_secs(900));
}

#[test]
fn thirty_thousand_attributes_take_no_longer_each_than_a_few() {
    const MANY: i64 = 30_000;

    let began = Instant::now();
    let spans = spans(|begin| {
        let context = begin(&CALLSITE);
        for value in 0..2 * MANY {
            let key = format!("key {}", value % MANY);
            context.span().set_attribute(KeyValue::new(key, value));
        }
        for value in 0..2 * MANY {
            context.span().set_attribute(KeyValue::new("key 7", value));
        }
        context.span().set_attribute(KeyValue::new("code.line.number", 7));
        context.span().add_event("event", many(MANY));
        end(&context);
    });

    let [span] = spans.as_slice() else { panic!("one span") };
    let value = |key: &str| {
        let mut found = span.attributes.iter().filter(|it| it.key.as_str() == key);
        let value = found.next().map(|it| it.value.clone());
        assert!(found.next().is_none(), "{key} twice");
        value
    };
    assert_eq!(span.attributes.len(), 30_000 + 3);
    assert_eq!(value("key 7"), Some((2 * MANY - 1).into()));
    assert_eq!(value("key 8"), Some((MANY + 8).into()));
    assert_eq!(value("code.line.number"), Some(7.into()));
    assert_eq!(span.dropped_attributes_count, 0);
    // One by one it would take hours.
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

fn many(count: i64) -> Vec<KeyValue> {
    (0..count).map(|value| KeyValue::new(format!("key {value}"), value)).collect()
}

/// Counts how often it is asked, and adds an attribute.
#[derive(Clone, Debug, Default)]
struct Counting {
    asked: Arc<Mutex<Vec<(String, bool)>>>,
    drops: bool,
}

impl ShouldSample for Counting {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        _: TraceId,
        name: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let has_parent = parent.is_some_and(|parent| parent.span().span_context().is_valid());
        let asked = (name.to_owned(), has_parent);
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
        let decision =
            if self.drops { SamplingDecision::Drop } else { SamplingDecision::RecordAndSample };
        let attributes = vec![KeyValue::new("n", "the sampler's")];
        SamplingResult { decision, attributes, trace_state: TraceState::NONE }
    }
}

static ELSEWHERE: Callsite =
    Callsite::new(here(&|| ()), Location::caller(), "", "", 0).hangs_elsewhere();

type Setting = fn(&SpanContext) -> Option<Parent>;

#[test]
fn a_sampler_is_asked_once_whenever_it_is_asked_and_what_it_adds_stays() {
    let remote = SpanContext::new(
        TraceId::from(1),
        SpanId::from(2),
        TraceFlags::SAMPLED,
        true,
        TraceState::NONE,
    );
    let settings: [(&'static Callsite, Setting, bool); 5] = [
        (&CALLSITE, |_| None, false),
        (&ELSEWHERE, |_| Some(Parent::Root), false),
        (&ELSEWHERE, |remote| Some(Parent::Span(remote.clone())), true),
        (&ELSEWHERE, |_| Some(Parent::Context(Context::new())), false),
        (
            &ELSEWHERE,
            |remote| Some(Parent::Context(Context::new().with_remote_span_context(remote.clone()))),
            true,
        ),
    ];
    for (callsite, parent, has_parent) in settings {
        for (reads_attributes, drops) in
            [(true, true), (true, false), (false, true), (false, false)]
        {
            let counting = Counting { drops, ..Counting::default() };
            let mut sampler = HeadSampler::custom(counting.clone());
            sampler.reads_attributes = reads_attributes;
            let native: &'static Native = Box::leak(Box::new(Native::new(
                sampler,
                None,
                None,
                None,
                Limits::default(),
                None,
            )));
            let Callsite { description, prepared, .. } = callsite;
            let parent = parent(&remote);

            let mut begun = native.begin(description, &prepared.native).expect("a span");
            let settings =
                parent.map(|parent| Box::new(Settings { parent, ..Settings::default() }));
            let is_wanted = begun.is_wanted(description, settings.as_deref());
            assert_eq!(is_wanted, reads_attributes || !drops);
            if is_wanted {
                begun.set("n", Value::Str("the call's"));
            }
            let context = begun.start(description, settings);

            let asked =
                std::mem::take(&mut *counting.asked.lock().unwrap_or_else(PoisonError::into_inner));
            let [(_, told)] = asked.as_slice() else { panic!("asked once: {asked:?}") };
            assert_eq!(*told, has_parent);
            let span = context.context.span();
            assert_eq!(span.is_recording(), !drops);
            assert_eq!(span.span_context().is_sampled(), !drops);
            assert!(span.span_context().is_valid());
            let is_below = span.span_context().trace_id() == remote.trace_id();
            assert_eq!(is_below, has_parent);
        }
    }
}

#[test]
fn a_share_is_about_roots_and_says_for_how_many_they_stand() {
    static SHARED: Callsite =
        Callsite::new(here(&|| ()), Location::caller(), "", "", 0).sample(0.25);
    let native: &'static Native = Box::leak(Box::new(Native::new(
        Sampler::ParentBasedAlwaysOn.into(),
        Some(Ratio::Probability),
        None,
        None,
        Limits::default(),
        None,
    )));
    let begin = |callsite: &'static Callsite| {
        let Callsite { description, prepared, .. } = callsite;
        native.begin(description, &prepared.native).map(|mut begun| begun.start(description, None))
    };

    let roots: Vec<_> = (0..1000).filter_map(|_| begin(&SHARED)).collect();
    let kept = roots.iter().filter(|root| root.context.span().is_recording()).count();
    // Six standard deviations.
    assert!((168..=332).contains(&kept), "{kept}");
    for root in roots {
        let span = root.context.span().span_context().clone();
        assert_eq!(span.trace_state().header(), if span.is_sampled() { "ot=th:c" } else { "" });
        let _attached = root.context.clone().attach();
        let below = begin(&SHARED).map(|below| below.context.span().span_context().clone());
        assert_eq!(
            below.map(|below| below.trace_id()),
            span.is_sampled().then_some(span.trace_id())
        );
    }
}
