//! Which spans are recorded and not sampled, and what is kept of them?

use opentelemetry::trace::{Status, Tracer, TracerProvider};
use opentelemetry_sdk::trace::SdkTracerProvider;

use super::*;
use crate::export::pipeline::Processor;
use crate::export::settings::Tail;
use crate::sampling::tail::{Recording, SpanCondition, TailPolicy};
use crate::span::others::OthersSampler;
use crate::span::recorded_only::RecordedOnly;

/// Both kinds of spans, with a tail that keeps errors.
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

    /// Begins a trace.
    fn root(&self) -> Context {
        self.ours_in(&Context::new())
    }

    /// Begins a span of another library; returns its context.
    fn other_in(&self, context: &Context) -> Context {
        let span = self.others.tracer("other").start_with_context("other", context);
        context.with_span(span)
    }
}

/// What is kept of the spans that `work` makes, where the head's sampler is this.
fn kept(
    head: HeadSampler,
    recording: Recording,
    work: impl FnOnce(&Tracing) + Send,
) -> Vec<SpanData> {
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
    let policy = TailPolicy::builder().keep_if(SpanCondition::error()).build().expect("valid");
    let tail = Tail {
        policy,
        max_bytes: 1 << 26,
        max_trace_bytes: 1 << 23,
        max_duration: time,
        grace: time,
        remembered: 1000,
        recording,
        implied: None,
    };
    let stages = Stages { tail: Some(tail), ..Stages::default() };
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
    pipeline.shutdown(time).expect("nothing is lost");
    std::mem::take(&mut all.0.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Records traces, and samples none.
#[derive(Clone, Debug)]
struct Records;

impl ShouldSample for Records {
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
        let decision = if is_root { SamplingDecision::RecordOnly } else { SamplingDecision::Drop };
        SamplingResult { decision, attributes: Vec::new(), trace_state: TraceState::NONE }
    }
}

fn always() -> HeadSampler {
    Head::Standard(Sampler::ParentBasedAlwaysOn).build()
}

fn is_sampled(context: &Context) -> bool {
    context.span().span_context().is_sampled()
}

fn fails(context: &Context) {
    context.span().set_status(Status::error("why"));
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
fn a_trace_that_is_recorded_only_is_whole_ours_and_others_before_and_after_a_parent_ended() {
    let heads = [
        (always(), Recording::RecordOnly),
        (HeadSampler::custom(Records), Recording::RecordAndSample),
    ];
    for (head, recording) in heads {
        let spans = kept(head, recording, |tracing| {
            let root = tracing.root();
            let family = family(tracing, &root);
            assert!(!is_sampled(&root) && !family.iter().any(is_sampled), "{recording}");
            fails(&family[6]);
            for context in &family {
                context.span().end();
            }
        });

        assert_eq!(spans.len(), 8, "{recording}");
        assert!(spans.iter().all(|span| !span.span_context.is_sampled()), "{recording}");
        let trace = spans[0].span_context.trace_id();
        assert!(spans.iter().all(|span| span.span_context.trace_id() == trace), "{recording}");
    }
}

#[test]
fn without_an_error_none_of_it_is_kept() {
    let spans = kept(always(), Recording::RecordOnly, |tracing| {
        let root = tracing.root();
        for context in &family(tracing, &root) {
            context.span().end();
        }
    });
    assert_eq!(spans.len(), 0);
}

#[test]
fn what_a_caller_samples_stays_sampled_and_is_told_so() {
    let remote = SpanContext::new(
        TraceId::from(7),
        SpanId::from(8),
        TraceFlags::SAMPLED,
        true,
        TraceState::NONE,
    );
    let spans = kept(always(), Recording::RecordOnly, |tracing| {
        let root = tracing.ours_in(&Context::new().with_remote_span_context(remote));
        let child = tracing.ours_in(&root);
        assert!(is_sampled(&root) && is_sampled(&child));
        fails(&child);
        [child, root].iter().for_each(end);
    });
    assert_eq!(spans.iter().filter(|span| span.span_context.is_sampled()).count(), 2);
}

#[test]
fn what_the_head_drops_is_not_recorded_whatever_the_tail_would_keep() {
    let off = Head::Standard(Sampler::AlwaysOff).build();
    let off_by_parent = Head::Standard(Sampler::ParentBasedAlwaysOff).build();
    for head in [off, off_by_parent] {
        let spans = kept(head, Recording::RecordOnly, |tracing| {
            let root = tracing.root();
            let family = family(tracing, &root);
            family.iter().for_each(fails);
            for context in &family {
                context.span().end();
            }
        });
        assert_eq!(spans.len(), 0);
    }
}

#[test]
fn another_trace_that_begins_inside_of_one_is_decided_by_the_head() {
    let spans = kept(HeadSampler::custom(Records), Recording::RecordAndSample, |tracing| {
        let root = tracing.root();
        let remote = |flags| {
            SpanContext::new(TraceId::from(7), SpanId::from(8), flags, true, TraceState::NONE)
        };
        let remote = root.with_remote_span_context(remote(TraceFlags::NOT_SAMPLED));
        let dropped = tracing.ours_in(&remote);
        fails(&dropped);
        fails(&root);
        [dropped, root].iter().for_each(end);
    });
    assert_eq!(spans.len(), 1, "the sampler drops what has a parent");
}

#[test]
fn a_sampled_trace_keeps_its_flag() {
    let spans = kept(always(), Recording::RecordAndSample, |tracing| {
        let root = tracing.root();
        let child = tracing.other_in(&root);
        assert!(is_sampled(&root) && is_sampled(&child));
        fails(&child);
        end(&root);
        child.span().end();
    });
    assert_eq!(spans.iter().filter(|span| span.span_context.is_sampled()).count(), 2);
}
