//! Which spans does the flight recorder get, and what do others see of that?

use opentelemetry::trace::{Tracer, TracerProvider};
use opentelemetry_sdk::trace::SdkTracerProvider;

use super::*;
use crate::export::pipeline::{Processor, Why};
use crate::span::others::OthersSampler;
use crate::span::recorded_only::RecordedOnly;

/// Both kinds of spans, with a flight recorder.
struct Tracing {
    native: &'static Native,
    others: SdkTracerProvider,
}

impl Tracing {
    /// Begins a span of ours in this context; returns its own, or the same if there is none.
    fn ours_in(&self, context: &Context) -> Context {
        let Callsite { description, prepared, .. } = &CALLSITE;
        let _current = context.clone().attach();
        let begun = self.native.begin(description, &prepared.native);
        begun.map_or_else(|| context.clone(), |mut it| it.start(description, None).context)
    }

    fn other_in(&self, context: &Context) -> Context {
        let span = self.others.tracer("other").start_with_context("other", context);
        context.with_span(span)
    }
}

/// What a dump sends of the spans that `work` makes, where the head's sampler is this.
fn dumped(head: HeadSampler, work: impl FnOnce(&Tracing) + Send) -> Vec<SpanData> {
    let all = Kept::default();
    let exporter = all.clone();
    let time = Duration::from_secs(60);
    let batching = Batching {
        max_queue_size: 100,
        max_queue_bytes: 1 << 28,
        max_export_batch_size: 100,
        schedule_delay: time,
        export_timeout: time,
    };
    let connect = Box::new(|_: crate::export::Retries| Ok(Box::new(exporter) as Box<dyn Export>));
    let exporter = Exporter { batching, connect, open_traces: None };
    let flight = std::num::NonZeroUsize::new(1 << 20);
    let stages = Stages { flight, ..Stages::default() };
    let resource = Resource::builder_empty().build();
    let pipeline = PipelineHandle::start(vec![exporter], stages, &resource);
    let pipeline = pipeline.expect("threads").expect("an exporter");
    let others = SdkTracerProvider::builder()
        .with_sampler(OthersSampler {
            sampler: head.sampler.clone(),
            baggage: None,
            recorded_only: RecordedOnly::of(Some(&pipeline)),
        })
        .with_span_processor(Processor::new(pipeline.clone(), Limits::default()))
        .build();
    let native = Native::new(head, None, None, None, Limits::default(), Some(pipeline.clone()));
    let tracing = Tracing { native: Box::leak(Box::new(native)), others };
    std::thread::scope(|scope| scope.spawn(|| work(&tracing)).join()).expect("no panic");
    assert!(pipeline.dump(Why::Call));
    pipeline.shutdown(time).expect("nothing is lost");
    std::mem::take(&mut all.0.lock().unwrap_or_else(PoisonError::into_inner))
}

fn is_sampled(context: &Context) -> bool {
    context.span().span_context().is_sampled()
}

/// Ours and others', below ours and others', begun before and after the parent ended.
fn family(tracing: &Tracing, root: &Context) -> Vec<Context> {
    let ours = tracing.ours_in(root);
    let other = tracing.other_in(root);
    let below_other = tracing.ours_in(&other);
    let mut all = vec![ours.clone(), other.clone(), below_other];
    end(root);
    end(&ours);
    all.extend([root, &ours].map(|ended| tracing.ours_in(ended)));
    all.extend([root, &ours].map(|ended| tracing.other_in(ended)));
    all
}

#[test]
fn what_the_sampler_drops_is_held_whole_ours_and_others_and_told_as_not_sampled() {
    let off = || Head::Standard(Sampler::AlwaysOff).build();
    let off_by_parent = || Head::Standard(Sampler::ParentBasedAlwaysOff).build();
    for (head, is_ours) in
        [(off(), true), (off(), false), (off_by_parent(), true), (off_by_parent(), false)]
    {
        let spans = dumped(head, |tracing| {
            let begin = if is_ours { Tracing::ours_in } else { Tracing::other_in };
            let root = begin(tracing, &Context::new());
            let family = family(tracing, &root);
            assert!(!is_sampled(&root) && !family.iter().any(is_sampled));
            family.iter().for_each(end);
        });
        assert_eq!(spans.len(), 8, "{is_ours}");
        assert!(spans.iter().all(|span| !span.span_context.is_sampled()));
        let trace = spans[0].span_context.trace_id();
        assert!(spans.iter().all(|span| span.span_context.trace_id() == trace));
    }
}

#[test]
fn below_a_caller_that_did_not_sample_spans_are_kept_as_its_children() {
    let above = SpanContext::new(
        TraceId::from(7),
        SpanId::from(8),
        TraceFlags::NOT_SAMPLED,
        true,
        TraceState::NONE,
    );
    let spans = dumped(Head::Standard(Sampler::ParentBasedAlwaysOn).build(), |tracing| {
        let root = tracing.ours_in(&Context::new().with_remote_span_context(above));
        end(&root);
    });
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].span_context.trace_id(), TraceId::from(7));
    assert_eq!(spans[0].parent_span_id, SpanId::from(8));
}

#[test]
fn what_the_sampler_samples_below_a_span_that_it_dropped_stays_sampled() {
    /// Drops roots, and samples all else.
    #[derive(Clone, Debug)]
    struct Children;

    impl ShouldSample for Children {
        fn should_sample(
            &self,
            parent: Option<&Context>,
            _: TraceId,
            _: &str,
            _: &SpanKind,
            _: &[KeyValue],
            _: &[Link],
        ) -> SamplingResult {
            let is_root = parent.is_none_or(|parent| !parent.has_active_span());
            let decision =
                if is_root { SamplingDecision::Drop } else { SamplingDecision::RecordAndSample };
            SamplingResult { decision, attributes: Vec::new(), trace_state: TraceState::NONE }
        }
    }

    let spans = dumped(HeadSampler::custom(Children), |tracing| {
        let root = tracing.ours_in(&Context::new());
        let children = [tracing.ours_in(&root), tracing.other_in(&root)];
        assert!(!is_sampled(&root) && children.iter().all(is_sampled));
        children.iter().chain([&root]).for_each(end);
    });
    assert_eq!(spans.iter().filter(|span| span.span_context.is_sampled()).count(), 2);
    assert_eq!(spans.len(), 3);
}
