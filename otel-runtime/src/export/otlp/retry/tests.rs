//! Is a request sent again when it should, and no sooner?

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

use tokio::time::sleep;

use super::*;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;

/// What the backend does with the next requests.
enum Answer {
    Takes(Exported),
    TakesAfter(Duration),
    Fails(Verdict),
    /// Nothing listens on the port.
    Refuses,
    Hangs,
    Panics,
}

/// A backend that answers by a script, and notes when each request came.
struct Scripted {
    script: Mutex<Script>,
    /// How long it takes to answer.
    thinks: Duration,
}

struct Script {
    answers: VecDeque<Answer>,
    asked: Vec<Instant>,
}

impl Scripted {
    fn lock(&self) -> MutexGuard<'_, Script> {
        self.script.lock().expect("no panic")
    }
}

impl Transport for Scripted {
    async fn send(&self, _: Bytes) -> Result<Exported, Failure> {
        let answer = {
            let mut script = self.lock();
            script.asked.push(Instant::now());
            script.answers.pop_front().expect("no more requests")
        };
        if !self.thinks.is_zero() {
            sleep(self.thinks).await;
        }
        match answer {
            Answer::Takes(exported) => Ok(exported),
            Answer::TakesAfter(time) => {
                sleep(time).await;
                Ok(Exported::default())
            }
            Answer::Fails(verdict) => Err(Failure::new(verdict, "why".to_owned())),
            Answer::Refuses => {
                let contact = Contact::Refused;
                Err(Failure { contact, ..Failure::new(LATER, "refused".to_owned()) })
            }
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

/// A backend, and what the exporter remembers of it.
struct Exporter {
    backend: Scripted,
    sizes: Sizes,
    backoff: Backoff,
    is_local: bool,
}

impl Exporter {
    fn to(answers: impl IntoIterator<Item = Answer>) -> Self {
        let script = Script { answers: answers.into_iter().collect(), asked: Vec::new() };
        Exporter {
            backend: Scripted { script: Mutex::new(script), thinks: Duration::ZERO },
            sizes: Sizes::default(),
            backoff: Backoff::default(),
            is_local: false,
        }
    }

    /// What becomes of a batch of so many spans.
    async fn deliver(&self, spans: u64, retries: &Retries) -> Result<Exported, ExportError> {
        let Exporter { backend, sizes, backoff, is_local } = self;
        let (transport, is_local) = (backend, *is_local);
        let sending = Sending { transport, timeout: TIMEOUT, retries, sizes, backoff, is_local };
        sending.send_all(request(spans)).await
    }

    /// The times between the requests.
    fn pauses(&self) -> Vec<Duration> {
        self.backend.lock().asked.windows(2).map(|two| two[1] - two[0]).collect()
    }
}

/// What becomes of a batch of `spans`, and the times between the attempts.
async fn deliver(
    spans: u64,
    answers: impl IntoIterator<Item = Answer>,
    retries: &Retries,
) -> (Result<Exported, ExportError>, Vec<Duration>) {
    let exporter = Exporter::to(answers);
    let result = exporter.deliver(spans, retries).await;
    (result, exporter.pauses())
}

/// A tick of tokio's clock: timers may be late by one, and never early.
const TICK: Duration = Duration::from_millis(1);

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

/// Checks that each pause is `share` of the time since the first attempt, or up to half as long again,
/// and between `least` and `most`.
fn assert_paced(pauses: &[Duration], share: u32, least: Duration, most: Duration) {
    let mut trouble = Duration::ZERO;
    for pause in pauses {
        let expected = (trouble / share).max(least);
        let longest = expected.mul_f64(1.5).min(most) + TICK;
        assert!((expected.min(most)..=longest).contains(pause), "{pause:?} after {trouble:?}");
        trouble += *pause;
    }
    assert!(pauses.last().is_some_and(|pause| *pause >= most), "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn the_older_the_trouble_the_longer_the_pauses() {
    let retries = Retries::default();
    let answers = (0..90).map(|_| Answer::Fails(LATER)).chain([taken()]);
    let (result, pauses) = deliver(4, answers, &retries).await;
    assert_eq!((result, retries.count()), (Ok(Exported::default()), 90));
    assert_paced(&pauses, 16, Duration::from_millis(20), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_is_not_there_is_asked_less_often() {
    let answers = (0..40).map(|_| Answer::Refuses).chain([taken()]);
    let (result, pauses) = deliver(4, answers, &Retries::default()).await;
    assert_eq!(result, Ok(Exported::default()));
    assert_paced(&pauses, 4, Duration::from_millis(100), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn batches_that_fail_together_wait_as_long_as_one() {
    let answers = (0..12).map(|_| Answer::Fails(LATER)).chain((0..4).map(|_| taken()));
    let mut exporter = Exporter::to(answers);
    exporter.backend.thinks = TICK;
    let retries = Retries::default();
    let batch = || exporter.deliver(1, &retries);
    let (a, b, c, d) = tokio::join!(batch(), batch(), batch(), batch());

    assert!([a, b, c, d].iter().all(Result::is_ok));
    // Three attempts, each of which pauses for about 20 ms when the trouble is so young.
    let all: Duration = exporter.pauses().iter().sum();
    assert!(all < Duration::from_millis(3 * 30) + 6 * TICK, "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn the_first_success_after_an_outage_sends_what_waits() {
    let second = Duration::from_secs(1);
    let refused = (0..60).map(|_| Answer::Refuses);
    let mut exporter =
        Exporter::to(refused.chain([Answer::TakesAfter(second), Answer::Refuses, taken()]));
    exporter.backend.thinks = TICK;
    let retries = Retries::default();
    let (a, b) = tokio::join!(exporter.deliver(1, &retries), exporter.deliver(1, &retries));

    assert!(a.is_ok() && b.is_ok());
    let pauses = exporter.pauses();
    assert!(pauses[59] >= 4 * second, "they had waited for long: {pauses:?}");
    assert!((second..second + 3 * TICK).contains(&pauses[61]), "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_fails_late_delays_nobody_else() {
    let exporter = Exporter::to([Answer::Hangs, taken(), taken(), taken()]);
    let retries = Retries::default();
    let later = async {
        sleep(TIMEOUT / 2).await;
        assert!(exporter.deliver(1, &retries).await.is_ok());
        sleep(TIMEOUT / 2).await;
        assert!(exporter.deliver(1, &retries).await.is_ok());
    };
    let (first, ()) = tokio::join!(exporter.deliver(1, &retries), later);
    assert!(first.is_ok());
    assert_eq!(exporter.pauses()[1], TIMEOUT / 2, "at once");
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_new_waits_like_the_others() {
    let exporter =
        Exporter::to([Answer::Fails(Verdict::Again { after: Some(TIMEOUT) }), taken(), taken()]);
    let retries = Retries::default();
    let later = async {
        sleep(TIMEOUT / 2).await;
        exporter.deliver(1, &retries).await
    };
    let (a, b) = tokio::join!(exporter.deliver(1, &retries), later);
    assert!(a.is_ok() && b.is_ok());
    assert!(exporter.pauses()[0] >= TIMEOUT, "the backend asked not to be asked");
    assert_eq!(retries.count(), 1, "the other one was asked for the first time");
}

#[tokio::test(start_paused = true)]
async fn a_backend_says_when_to_come_back() {
    let after =
        |seconds| Answer::Fails(Verdict::Again { after: Some(Duration::from_secs(seconds)) });
    let answers = [after(7), after(3600), after(0), taken()];
    let (result, pauses) = deliver(4, answers, &Retries::default()).await;

    assert_eq!(result, Ok(Exported::default()));
    let seconds: Vec<u64> = pauses[..2].iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [7, 30], "30 s at most");
    assert!(pauses[2] >= Duration::from_millis(20), "but no storm: {:?}", pauses[2]);
}

#[tokio::test(start_paused = true)]
async fn after_five_minutes_it_is_given_up() {
    let retries = Retries::default();
    let began = Instant::now();
    let (result, pauses) = deliver(4, (0..999).map(|_| Answer::Fails(LATER)), &retries).await;

    assert_eq!(result, Err(ExportError::Failed("why".to_owned())));
    assert_eq!(retries.count(), pauses.len() as u64);
    assert!(began.elapsed() >= TIME && began.elapsed() < TIME + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_without_an_answer_is_ended_and_made_again() {
    let (result, pauses) = deliver(4, [Answer::Hangs, taken()], &Retries::default()).await;
    assert_eq!(result, Ok(Exported::default()));
    assert!(pauses[0] > TIMEOUT && pauses[0] < 2 * TIMEOUT, "{pauses:?}");

    let began = Instant::now();
    let (result, _) = deliver(4, (0..999).map(|_| Answer::Hangs), &Retries::default()).await;
    assert_eq!(result, Err(ExportError::TimedOut(TIMEOUT)), "and not just failed");
    assert!(began.elapsed() < TIME + TIMEOUT + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_panics_is_made_again() {
    let retries = Retries::default();
    let (result, _) = deliver(4, [Answer::Panics, Answer::Panics, taken()], &retries).await;
    assert_eq!((result, retries.count()), (Ok(Exported::default()), 2));

    let (result, _) = deliver(4, (0..999).map(|_| Answer::Panics), &retries).await;
    let why = "the attempt panicked: no thread".to_owned();
    assert_eq!(result, Err(ExportError::Failed(why)));
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_program_is_the_time_to_try_again() {
    // Even where the backend asked to wait: there will be no other time.
    let retries = Retries::default();
    let exporter = Exporter::to([
        Answer::Fails(Verdict::Again { after: Some(TIMEOUT) }),
        Answer::Fails(Verdict::Again { after: Some(TIMEOUT) }),
        taken(),
    ]);
    let ends = async {
        sleep(Duration::from_secs(1)).await;
        retries.hurry();
    };
    let (result, ()) = tokio::join!(exporter.deliver(1, &retries), ends);
    assert_eq!(result, Ok(Exported::default()));
    let seconds: Vec<u64> = exporter.pauses().iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [1, 10], "one more attempt, and then as it asked");
}

#[tokio::test(start_paused = true)]
async fn at_the_end_of_the_program_a_new_batch_waits_for_no_other() {
    let asked = || Answer::Fails(Verdict::Again { after: Some(TIMEOUT) });
    let exporter = Exporter::to([asked(), asked(), asked(), taken(), taken()]);
    let retries = Retries::default();
    let later = async {
        sleep(Duration::from_secs(1)).await;
        retries.hurry();
        sleep(Duration::from_secs(1)).await;
        exporter.deliver(1, &retries).await
    };
    let (a, b) = tokio::join!(exporter.deliver(1, &retries), later);
    assert!(a.is_ok() && b.is_ok());
    let seconds: Vec<u64> = exporter.pauses().iter().map(Duration::as_secs).collect();
    assert_eq!(seconds[..3], [1, 1, 10]);
}

#[tokio::test(start_paused = true)]
async fn what_nothing_on_this_machine_listens_to_does_not_hold_up_the_end_of_the_program() {
    let retries = Retries::default();
    let mut exporter = Exporter::to((0..4).map(|_| Answer::Refuses).chain([taken()]));
    exporter.is_local = true;
    let ends = async {
        sleep(Duration::from_millis(250)).await;
        retries.hurry();
    };
    let (result, ()) = tokio::join!(exporter.deliver(1, &retries), ends);
    assert_eq!(result, Err(ExportError::Failed("refused".to_owned())));
    let all: Duration = exporter.pauses().iter().sum();
    assert_eq!(all.as_millis(), 250, "one more attempt, at once");

    // A backend on another machine may be back any moment.
    let (result, _) = deliver(1, [Answer::Refuses, Answer::Refuses, taken()], &retries).await;
    assert_eq!(result, Ok(Exported::default()));
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
    // The first half of five spans has two.
    assert_eq!(deliver(vec![large(), refused(), taken()]).await, lost(0, 2, "why"));
    assert_eq!(deliver(vec![large(), taken(), refused()]).await, lost(0, 3, "why"));
    let neither = deliver(vec![large(), refused(), refused()]).await;
    assert_eq!(neither, Err(ExportError::Failed("why".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn many_parts_have_no_more_time_than_one() {
    // The two halves get no answer in time, and then there is no time for the quarters.
    let answers = [Answer::Fails(Verdict::TooLarge)];
    let answers = answers.into_iter().chain((0..999).map(|_| Answer::Hangs));
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
