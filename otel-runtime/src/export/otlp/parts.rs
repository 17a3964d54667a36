//! In which parts is a batch sent to a backend that refuses it as too large?
//!
//! It is halved, down to single spans. The sizes that the backend took and refused are remembered, so
//! that later batches are sent in parts at once, without another refusal first. They are forgotten
//! [`MEMORY`] after the last refusal, since a backend may be given a larger limit at any time: if it
//! was not, one request is refused, and the sizes are known again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::failure::{Failure, Verdict};
use super::request::Request;
use crate::export::{ExportError, Exported};

/// How long sizes are remembered after the last refusal.
const MEMORY: Duration = Duration::from_secs(5 * 60);

/// What sizes a backend took and refused, in bytes before compression.
#[derive(Default)]
pub(super) struct Sizes(Mutex<Option<Known>>);

struct Known {
    /// The smallest that was refused.
    refused: usize,
    /// The largest that was taken, smaller than `refused`; 0 if none was yet.
    taken: usize,
    at: Instant,
}

impl Sizes {
    /// How large the next request may be: half of the way between the largest size taken and the
    /// smallest refused, so that a few refusals find the limit of the backend.
    fn limit(&self) -> usize {
        let mut known = self.lock();
        known.take_if(|known| known.at.elapsed() >= MEMORY);
        match known.as_ref() {
            None => usize::MAX,
            Some(Known { refused, taken: 0, .. }) => refused.saturating_sub(1),
            Some(Known { refused, taken, .. }) => usize::midpoint(*taken, *refused),
        }
    }

    fn taken(&self, size: usize) {
        if let Some(known) = self.lock().as_mut()
            && size < known.refused
        {
            known.taken = known.taken.max(size);
        }
    }

    fn refused(&self, size: usize) {
        let mut known = self.lock();
        let (refused, taken) = known.as_ref().map_or((size, 0), |it| (it.refused, it.taken));
        let refused = refused.min(size);
        // If it now refuses a size that it took before, its limit became smaller.
        let taken = if taken < refused { taken } else { 0 };
        *known = Some(Known { refused, taken, at: Instant::now() });
    }

    fn lock(&self) -> MutexGuard<'_, Option<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A batch that is being sent, in as many parts as the backend needs.
pub(super) struct Parts<'a> {
    sizes: &'a Sizes,
    /// The parts that are still to be sent, the next one last.
    left: Vec<Request>,
    spans: u64,
    exported: Exported,
    error: Option<ExportError>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(request: Request, sizes: &'a Sizes) -> Self {
        let (spans, exported) = (request.spans, Exported::default());
        Parts { sizes, left: vec![request], spans, exported, error: None }
    }

    /// The part to send next.
    pub(super) fn next(&mut self) -> Option<Request> {
        let limit = self.sizes.limit();
        let mut part = self.left.pop()?;
        while part.body.len() > limit
            && let Some([first, second]) = part.halves()
        {
            self.left.push(second);
            part = first;
        }
        Some(part)
    }

    /// Notes what became of `part`.
    pub(super) fn settle(&mut self, part: &Request, result: Result<Exported, Failure>) {
        match result {
            Ok(Exported { rejected, failed, why }) => {
                self.sizes.taken(part.body.len());
                self.exported.rejected += rejected;
                self.exported.failed += failed;
                self.exported.why = why.or(self.exported.why.take());
            }
            Err(Failure { verdict, error, contact: _ }) => {
                let halves = if verdict == Verdict::TooLarge {
                    self.sizes.refused(part.body.len());
                    part.halves()
                } else {
                    None
                };
                match halves {
                    Some([first, second]) => self.left.extend([second, first]),
                    None => self.lose(part.spans, error),
                }
            }
        }
    }

    /// There is no time for the parts that are left: they are lost.
    pub(super) fn give_up(&mut self, after: Duration) {
        let spans = self.left.drain(..).map(|part| part.spans).sum();
        if spans > 0 {
            self.lose(spans, ExportError::TimedOut(after));
        }
    }

    /// What became of the batch.
    pub(super) fn outcome(self) -> Result<Exported, ExportError> {
        match self.error {
            Some(error) if self.exported.failed == self.spans => Err(error),
            Some(error) => Ok(Exported { why: Some(error.to_string()), ..self.exported }),
            None => Ok(self.exported),
        }
    }

    fn lose(&mut self, spans: u64, error: ExportError) {
        self.exported.failed += spans;
        self.error = Some(error);
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
    use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
    use prost::Message;

    use super::*;

    /// A request with a span for each of these lengths, which is the length of its name.
    fn request(lengths: impl IntoIterator<Item = usize>) -> Request {
        let spans: Vec<Span> = lengths
            .into_iter()
            .map(|length| Span { name: "x".repeat(length), ..Span::default() })
            .collect();
        let count = spans.len() as u64;
        let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
        let resource_spans = vec![ResourceSpans { scope_spans, ..ResourceSpans::default() }];
        let body = ExportTraceServiceRequest { resource_spans }.encode_to_vec().into();
        Request { body, spans: count }
    }

    /// Sends to a backend that takes requests of so many bytes. Returns how many spans each request had
    /// and whether it was taken, and what became of all spans.
    fn send(
        request: Request,
        sizes: &Sizes,
        most: usize,
    ) -> (Vec<(u64, bool)>, Result<Exported, ExportError>) {
        let mut sent = Vec::new();
        let mut parts = Parts::of(request, sizes);
        while let Some(part) = parts.next() {
            let fits = part.body.len() <= most;
            sent.push((part.spans, fits));
            let too_large = || Failure::new(Verdict::TooLarge, "too large".to_owned());
            parts.settle(&part, if fits { Ok(Exported::default()) } else { Err(too_large()) });
        }
        (sent, parts.outcome())
    }

    #[tokio::test(start_paused = true)]
    async fn everything_arrives_where_single_spans_pass() {
        let (sent, outcome) = send(request([700; 4]), &Sizes::default(), 1000);
        assert_eq!(outcome, Ok(Exported::default()));
        let sizes = [(4, false), (2, false), (1, true), (1, true), (1, true), (1, true)];
        assert_eq!(sent, sizes, "the second half is known to be too large");
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_span_that_is_too_large_by_itself_is_lost() {
        let lengths = (0..9).map(|index| if index == 4 { 5000 } else { 10 });
        let (_, outcome) = send(request(lengths), &Sizes::default(), 1000);
        let why = Some("too large".to_owned());
        assert_eq!(outcome, Ok(Exported { rejected: 0, failed: 1, why }));

        let (sent, outcome) = send(request([5000]), &Sizes::default(), 1000);
        assert_eq!(outcome, Err(ExportError::Failed("too large".to_owned())));
        assert_eq!(sent, [(1, false)]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_size_that_passed_is_remembered_for_a_while() {
        let sizes = Sizes::default();
        let batch = || request([90; 80]);
        let refusals = |(sent, outcome): (Vec<(u64, bool)>, Result<Exported, ExportError>)| {
            assert_eq!(outcome, Ok(Exported::default()));
            sent.into_iter().filter(|(_, taken)| !taken).count()
        };
        assert_eq!(refusals(send(batch(), &sizes, 2000)), 2, "80, 40");
        assert_eq!(refusals(send(batch(), &sizes, 2000)), 0, "known");
        assert_eq!(refusals(send(batch(), &sizes, 500)), 2, "a smaller limit is learned");
        tokio::time::advance(MEMORY).await;
        assert_eq!(send(batch(), &sizes, usize::MAX).0, [(80, true)], "and a larger one");
    }

    #[tokio::test(start_paused = true)]
    async fn what_there_was_no_time_for_is_lost() {
        let sizes = Sizes::default();
        let mut parts = Parts::of(request([1; 5]), &sizes);
        let whole = parts.next().expect("the whole");
        parts.settle(&whole, Err(Failure::new(Verdict::TooLarge, "too large".to_owned())));
        let half = parts.next().expect("a half");
        parts.settle(&half, Ok(Exported::default()));
        parts.give_up(MEMORY);

        let why = Some(ExportError::TimedOut(MEMORY).to_string());
        assert_eq!(parts.outcome(), Ok(Exported { rejected: 0, failed: 3, why }));
    }
}
