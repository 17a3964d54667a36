//! Is a request sent again when it should, and no sooner?

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

use super::*;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;

/// What the backend does with the next requests.
enum Answer {
    Takes(Exported),
    Fails(Verdict),
    Hangs,
    Panics,
}

/// A backend that follows a script, and notes when it was asked.
struct Scripted(Mutex<Script>);

struct Script {
    answers: VecDeque<Answer>,
    asked: Vec<Instant>,
}

impl Scripted {
    fn lock(&self) -> MutexGuard<'_, Script> {
        self.0.lock().expect("no panic")
    }
}

impl Transport for Scripted {
    async fn send(&self, _: Bytes) -> Result<Exported, Failure> {
        let answer = {
            let mut script = self.lock();
            script.asked.push(Instant::now());
            script.answers.pop_front().expect("no more requests")
        };
        match answer {
            Answer::Takes(exported) => Ok(exported),
            Answer::Fails(verdict) => Err(Failure::new(verdict, "why".to_owned())),
            Answer::Hangs => std::future::pending().await,
            Answer::Panics => panic!("no thread"),
        }
    }
}

const TIMEOUT: Duration = Duration::from_secs(10);
const LATER: Verdict = Verdict::Again { after: None };

fn taken() -> Answer {
    Answer::Takes(Exported::default())
}

fn rejecting(rejected: u64) -> Answer {
    Answer::Takes(Exported { rejected, failed: 0, why: Some("refused".to_owned()) })
}

fn request(spans: u64) -> Request {
    let scope_spans = ScopeSpans {
        spans: (0..spans).map(|_| Span::default()).collect(),
        ..ScopeSpans::default()
    };
    let scope_spans = vec![scope_spans];
    let resource_spans = vec![ResourceSpans { scope_spans, ..ResourceSpans::default() }];
    Request { body: ExportTraceServiceRequest { resource_spans }.encode_to_vec().into(), spans }
}

/// How a batch of `spans` fares, and the time between the attempts.
async fn deliver(
    spans: u64,
    answers: impl IntoIterator<Item = Answer>,
    retries: &Retries,
) -> (Result<Exported, ExportError>, Vec<Duration>) {
    let script = Script { answers: answers.into_iter().collect(), asked: vec![Instant::now()] };
    let backend = Scripted(Mutex::new(script));
    let request = request(spans);
    let sizes = Sizes::default();
    let delivery = Delivery { transport: &backend, timeout: TIMEOUT, retries, sizes: &sizes };
    let result = delivery.deliver(request).await;
    let pauses = backend.lock().asked.windows(2).map(|two| two[1] - two[0]).skip(1).collect();
    (result, pauses)
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_is_sent_once() {
    let retries = Retries::default();
    let (result, pauses) = deliver(4, [taken()], &retries).await;
    assert_eq!((result, pauses.len(), retries.count()), (Ok(Exported::default()), 0, 0));
}

#[tokio::test(start_paused = true)]
async fn what_is_final_is_not_sent_again() {
    let retries = Retries::default();
    let (result, pauses) = deliver(4, [Answer::Fails(Verdict::Final)], &retries).await;
    let why = ExportError::Failed("why".to_owned());
    assert_eq!((result, pauses.len(), retries.count()), (Err(why), 0, 0));
}

#[tokio::test(start_paused = true)]
async fn pauses_grow() {
    let retries = Retries::default();
    let answers = (0..12).map(|_| Answer::Fails(LATER)).chain([taken()]);
    let (result, pauses) = deliver(4, answers, &retries).await;

    assert_eq!((result, retries.count()), (Ok(Exported::default()), 12));
    let mut expected = MIN_DELAY;
    for pause in pauses {
        // Up to as much again, and a tick of the clock.
        let most = 2 * expected + Duration::from_millis(1);
        assert!((expected..=most).contains(&pause), "{pause:?} is not about {expected:?}");
        assert!(pause <= MAX_DELAY + Duration::from_millis(1));
        expected = (2 * expected).min(MAX_DELAY / 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_backend_says_when_to_come_back() {
    let after =
        |seconds| Answer::Fails(Verdict::Again { after: Some(Duration::from_secs(seconds)) });
    let answers = [after(7), after(3600), after(0), taken()];
    let (result, pauses) = deliver(4, answers, &Retries::default()).await;

    assert_eq!(result, Ok(Exported::default()));
    let seconds: Vec<u64> = pauses.iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [7, 30, 0], "30 s at most");
    assert!(pauses[2] >= MIN_DELAY, "but no storm: {:?}", pauses[2]);
}

#[tokio::test(start_paused = true)]
async fn after_five_minutes_it_is_given_up() {
    let retries = Retries::default();
    let began = Instant::now();
    let (result, pauses) = deliver(4, (0..99).map(|_| Answer::Fails(LATER)), &retries).await;

    assert_eq!(result, Err(ExportError::Failed("why".to_owned())));
    assert_eq!(retries.count(), pauses.len() as u64);
    assert!(began.elapsed() >= TIME && began.elapsed() < TIME + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_without_an_answer_is_ended_and_made_again() {
    let (result, pauses) = deliver(4, [Answer::Hangs, taken()], &Retries::default()).await;
    assert_eq!(result, Ok(Exported::default()));
    assert!(pauses[0] >= TIMEOUT + MIN_DELAY && pauses[0] < 2 * TIMEOUT, "{pauses:?}");

    let began = Instant::now();
    let (result, _) = deliver(4, (0..99).map(|_| Answer::Hangs), &Retries::default()).await;
    assert_eq!(result, Err(ExportError::TimedOut(TIMEOUT)), "and not just failed");
    assert!(began.elapsed() < TIME + TIMEOUT + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_panics_is_made_again() {
    let retries = Retries::default();
    let (result, _) = deliver(4, [Answer::Panics, Answer::Panics, taken()], &retries).await;
    assert_eq!((result, retries.count()), (Ok(Exported::default()), 2));

    let (result, _) = deliver(4, (0..99).map(|_| Answer::Panics), &retries).await;
    let why = "the attempt panicked: no thread".to_owned();
    assert_eq!(result, Err(ExportError::Failed(why)));
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_program_is_the_time_to_try_again() {
    let retries = Retries::default();
    retries.hurry();
    let (_, pauses) = deliver(4, [Answer::Fails(LATER), taken()], &retries).await;
    assert_eq!(pauses, [Duration::ZERO]);

    // Except where the backend asked to be left alone.
    let retries = Retries::default();
    retries.hurry();
    let after = Verdict::Again { after: Some(Duration::from_secs(7)) };
    let (_, pauses) = deliver(4, [Answer::Fails(after), taken()], &retries).await;
    assert_eq!(pauses[0].as_secs(), 7);
}

#[tokio::test(start_paused = true)]
async fn what_is_too_large_goes_in_parts() {
    let large = || Answer::Fails(Verdict::TooLarge);
    let refused = || Answer::Fails(Verdict::Final);
    let deliver = async |answers: Vec<Answer>| {
        let (result, pauses) = deliver(5, answers, &Retries::default()).await;
        assert!(pauses.iter().all(Duration::is_zero), "at once");
        result
    };
    let lost =
        |rejected, failed, why: &str| Ok(Exported { rejected, failed, why: Some(why.to_owned()) });

    assert_eq!(deliver(vec![large(), taken(), taken()]).await, Ok(Exported::default()));
    let both = deliver(vec![large(), rejecting(1), rejecting(2)]).await;
    assert_eq!(both, lost(3, 0, "refused"));
    // Two of five are the first half.
    assert_eq!(deliver(vec![large(), refused(), taken()]).await, lost(0, 2, "why"));
    assert_eq!(deliver(vec![large(), taken(), refused()]).await, lost(0, 3, "why"));
    let neither = deliver(vec![large(), refused(), refused()]).await;
    assert_eq!(neither, Err(ExportError::Failed("why".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn many_parts_have_no_more_time_than_one() {
    // The halves never get an answer; there is time for neither of the quarters.
    let answers = [Answer::Fails(Verdict::TooLarge)];
    let answers = answers.into_iter().chain((0..99).map(|_| Answer::Hangs));
    let began = Instant::now();
    let (result, _) = deliver(4, answers, &Retries::default()).await;

    assert_eq!(result, Err(ExportError::TimedOut(TIME)));
    assert!(began.elapsed() < TIME + TIMEOUT + Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_single_span_that_is_too_large_is_lost() {
    let (result, _) = deliver(1, [Answer::Fails(Verdict::TooLarge)], &Retries::default()).await;
    assert_eq!(result, Err(ExportError::Failed("why".to_owned())));
}
