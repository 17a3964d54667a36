//! Which spans does a span link to?

use std::collections::BTreeMap;
use std::convert::TryInto;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry_sdk::trace::SpanData;
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, remote_parent, spans_named};

use crate::{capture, capture_async};

fn linked(span: &SpanData) -> Vec<SpanContext> {
    span.links.iter().map(|link| link.span_context.clone()).collect()
}

#[traced(links(owned, &borrowed, context.clone(), &context))]
fn one_by_one(owned: SpanContext, borrowed: SpanContext, context: Context) {
    let _ = (borrowed, context);
}

#[test]
fn a_span_links_to_span_contexts_and_contexts() {
    let others = [(); 3].map(|()| remote_parent());
    let spans = capture(|| {
        let context = Context::new().with_remote_span_context(others[2].clone());
        one_by_one(others[0].clone(), others[1].clone(), context);
    });

    let [a, b, c] = others;
    assert_eq!(linked(spans.one("one_by_one")), [a, b, c.clone(), c]);
    assert_eq!(spans.parent_of("one_by_one"), "remote");
}

struct Message {
    sender: SpanContext,
}

#[traced(links(
    batch.iter().map(|message| &message.sender),
    also,
    array,
    by_name.values(),
    by_name.get("none"),
))]
async fn many(
    batch: Vec<Message>,
    also: Option<Context>,
    array: [SpanContext; 2],
    by_name: BTreeMap<&str, SpanContext>,
) {
    tokio::task::yield_now().await;
    let _ = (batch, by_name);
}

#[test]
fn a_span_links_to_all_of_a_collection() {
    let others = [(); 6].map(|()| remote_parent());
    let [first, second, context, left, right, named] = others.clone();
    let spans = capture_async(async move {
        let batch = vec![Message { sender: first }, Message { sender: second }];
        let context = Context::new().with_remote_span_context(context);
        many(batch, Some(context), [left, right], BTreeMap::from([("named", named)])).await;
    });

    assert_eq!(linked(spans.one("many")), others);
}

#[traced(links(senders, listed, { taken }, more.by_ref()))]
fn of_iterators(
    senders: impl Iterator<Item = SpanContext> + Clone,
    listed: std::slice::Iter<'_, SpanContext>,
    taken: Box<dyn Iterator<Item = SpanContext>>,
    mut more: impl Iterator<Item = SpanContext>,
) -> usize {
    senders.count() + listed.len() + more.count()
}

#[test]
fn a_span_links_to_all_that_an_iterator_gives_and_the_body_has_it_still() {
    let others = [(); 6].map(|()| remote_parent());
    let mut left = None;
    let spans = capture(|| {
        let [one, two, three, four, five, six] = others.clone();
        let taken = Box::new(vec![five].into_iter());
        left = Some(of_iterators(
            vec![one, two].into_iter(),
            [three, four].iter(),
            taken,
            vec![six].into_iter(),
        ));
    });

    assert_eq!(linked(spans.one("of_iterators")), others);
    assert_eq!(left, Some(4), "what is referred to is whole, and `by_ref` has taken the last");
}

#[traced(links(SpanContext::empty_context(), Context::new(), None::<SpanContext>))]
fn to_nobody() {}

#[test]
fn what_is_no_span_is_not_linked_to() {
    let spans = capture(to_nobody);

    assert_eq!(linked(spans.one("to_nobody")), []);
}

#[traced(root, links(Context::current()))]
fn root_with_a_link() {}

#[test]
fn a_root_can_link_to_the_span_that_is_not_its_parent() {
    let spans = capture(root_with_a_link);

    let [span] = spans_named("root_with_a_link").try_into().expect("one span");
    assert!(span.is_root());
    assert_eq!(linked(&span), [spans.parent]);
}
