//! Does what an annotated function starts elsewhere belong to its trace?

use std::convert::TryInto;
use std::future::Future;

use std::sync::mpsc;
use std::thread::JoinHandle;

use otel_runtime::context::{JoinSetExt, carry};
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, Spans, spans_named};
use tokio::task::{JoinSet, LocalSet};

use crate::{capture, capture_async};

#[traced]
pub(crate) fn work() -> u32 {
    7
}

#[traced]
pub(crate) async fn task() -> u32 {
    tokio::task::yield_now().await;
    7
}

/// Whether `name` is what `count` pieces of work hang under.
pub(crate) fn assert_under(spans: &Spans, name: &str, count: usize) {
    let parent = spans.one(name).span_context.span_id();
    let children = spans.all.iter().filter(|span| span.parent_span_id == parent);
    assert_eq!(children.count(), count, "{:?}", spans.names());
    assert_eq!(spans.all.len(), count + 1, "{:?}", spans.names());
}

#[traced]
async fn tokio_tasks() {
    let first = tokio::spawn(task());
    let second = tokio::task::spawn(async { task().await });
    let third = tokio::task::spawn_blocking(work);
    let local = LocalSet::new();
    let fourth = local.run_until(async {
        let not_send = std::rc::Rc::new(());
        let future = async move {
            let result = task().await;
            drop(not_send);
            result
        };
        tokio::task::spawn_local(future).await
    });
    assert_eq!(first.await.expect("no panic"), 7);
    assert_eq!(second.await.expect("no panic"), 7);
    assert_eq!(third.await.expect("no panic"), 7);
    assert_eq!(fourth.await.expect("no panic"), 7);
}

// tokio-rs/tracing#1391: a spawn loses the context.
#[test]
fn tasks_of_tokio_belong_to_the_function() {
    assert_under(&capture_async(tokio_tasks()), "tokio_tasks", 4);
}

#[traced]
fn threads(numbers: &[u32]) -> u32 {
    let sum: u32 = numbers.iter().sum();
    let handles = [std::thread::spawn(work), ::std::thread::spawn(move || work() + sum)];
    Vec::from(handles).into_iter().map(|handle| handle.join().expect("no panic")).sum()
}

#[test]
fn threads_belong_to_the_function() {
    let spans = capture(|| assert_eq!(threads(&[1, 2]), 17));

    assert_under(&spans, "threads", 2);
}

#[traced]
fn on_rayon(numbers: &[u32]) -> (u32, usize) {
    let (sender, receiver) = mpsc::channel();
    rayon::spawn(move || {
        let _ = sender.send(work());
    });
    let result = rayon::join(|| numbers.iter().sum::<u32>() + work(), || numbers.len());
    let parsed = rayon::join("7".parse::<u32>().map_or(work, |_| work), work);
    assert_eq!(parsed, (7, 7));
    assert_eq!(receiver.recv(), Ok(7));
    result
}

#[test]
fn jobs_of_rayon_belong_to_the_function() {
    let spans = capture(|| assert_eq!(on_rayon(&[1, 2]), (10, 2)));

    assert_under(&spans, "on_rayon", 4);
}

#[traced]
fn on_smol() -> u32 {
    let first = smol::spawn(task());
    let second = smol::spawn::<u32>(async { task().await });
    smol::block_on(async { first.await + second.await })
}

#[test]
fn tasks_of_smol_belong_to_the_function() {
    let spans = capture(|| assert_eq!(on_smol(), 14));

    assert_under(&spans, "on_smol", 2);
}

/// `$spawn` and `$body` arrive in invisible groups.
macro_rules! through_a_macro {
    ($name:ident, $spawn:path, $work:expr, $body:expr) => {
        #[traced]
        fn $name() -> u32 {
            $spawn($work).join().expect("no panic") + $body
        }
    };
}

through_a_macro!(
    by_fragments,
    std::thread::spawn,
    work,
    std::thread::spawn(work).join().expect("no panic")
);

#[traced]
async fn nested() -> u32 {
    let in_a_closure = || tokio::spawn(task());
    let block = {
        if in_a_closure().await.is_err() {
            return 0;
        }
        async { tokio::spawn(async { tokio::spawn(task()).await }).await }
    };
    let (first, second) = tokio::join!(block, tokio::spawn(task()));
    assert!(first.is_ok_and(|inner| inner.is_ok()) && second.is_ok());
    tokio::select! {
        biased;
        result = tokio::spawn(task()) => result.unwrap_or_default(),
        () = std::future::pending() => 0,
    }
}

#[test]
fn spawns_are_found_wherever_they_are_in_the_body() {
    assert_under(&capture_async(async { assert_eq!(nested().await, 7) }), "nested", 4);
    assert_under(&capture(|| assert_eq!(by_fragments(), 14)), "by_fragments", 2);
}

#[traced]
async fn with_type_parameters() {
    tokio::spawn::<_>(task()).await.expect("no panic");
    tokio::spawn::<std::pin::Pin<Box<dyn Future<Output = u32> + Send>>>(Box::pin(task()))
        .await
        .expect("no panic");
    std::thread::spawn::<fn() -> u32, _>(work).join().expect("no panic");
    rayon::join::<_, fn() -> u32, _, _>(|| (), work);
}

#[test]
fn a_spawn_may_name_its_types() {
    assert_under(&capture_async(with_type_parameters()), "with_type_parameters", 4);
}

async fn chosen() -> Result<fn() -> u32, String> {
    tokio::task::yield_now().await;
    Ok(work)
}

#[traced]
async fn waits_in_an_argument() -> Result<u32, String> {
    let handle = std::thread::spawn(chosen().await?);
    tokio::spawn(futures(3)?).await.map_err(|error| error.to_string())?;
    handle.join().map_err(|_| "panic".to_owned())
}

fn futures(times: u32) -> Result<impl Future<Output = u32>, String> {
    times.checked_sub(1).map(|_| task()).ok_or_else(String::new)
}

#[test]
fn an_argument_is_evaluated_where_it_was() {
    let spans = capture_async(async { assert_eq!(waits_in_an_argument().await, Ok(7)) });

    assert_under(&spans, "waits_in_an_argument", 2);
}

#[traced(carry = false)]
fn without_carrying() -> u32 {
    std::thread::spawn(without_carrying_inner).join().expect("no panic")
}

#[traced(carry = true)]
fn with_carrying() -> u32 {
    std::thread::spawn(work).join().expect("no panic")
}

#[traced]
fn without_carrying_inner() -> u32 {
    7
}

#[test]
fn a_function_may_refuse_to_carry() {
    let spans = capture(|| assert_eq!(without_carrying(), 7));

    assert_eq!(spans.names(), ["without_carrying"]);
    let [inner] = spans_named("without_carrying_inner").try_into().expect("one span");
    assert!(inner.is_root());
    assert_under(&capture(|| assert_eq!(with_carrying(), 7)), "with_carrying", 1);
}

mod my {
    pub(super) mod tokio {
        pub(crate) fn spawn<F: FnOnce() -> u32 + Send + 'static>(f: F) -> u32 {
            std::thread::spawn(f).join().expect("no panic")
        }
    }
}

#[traced]
fn somebody_else() -> u32 {
    7
}

#[traced]
fn by_other_paths() {
    use std::thread;
    use std::thread::spawn;

    macro_rules! by_example {
        () => {
            std::thread::spawn(somebody_else)
        };
    }
    fn of_its_own() -> JoinHandle<u32> {
        std::thread::spawn(somebody_else)
    }

    my::tokio::spawn(somebody_else);
    crate::carry::my::tokio::spawn(somebody_else);
    spawn(somebody_else).join().expect("no panic");
    thread::spawn(somebody_else).join().expect("no panic");
    thread::Builder::new().spawn(somebody_else).map(|it| it.join().expect("no panic")).ok();
    by_example!().join().expect("no panic");
    of_its_own().join().expect("no panic");
    assert_eq!(stringify!(tokio::spawn(x)), "tokio::spawn(x)");
    thread::spawn(carry(work)).join().expect("no panic");
}

#[test]
fn what_could_be_anybodys_is_left_alone() {
    let spans = capture(by_other_paths);

    assert_under(&spans, "by_other_paths", 1);
    let others = spans_named("somebody_else");
    assert_eq!(others.len(), 7);
    assert!(others.iter().all(SpanExt::is_root));
}

#[traced]
fn in_a_set() -> u32 {
    7
}

#[traced]
async fn sets_of_tasks() -> usize {
    let mut tasks = JoinSet::new();
    tasks.spawn_carried(task());
    tasks.spawn_on_carried(task(), &tokio::runtime::Handle::current());
    tasks.spawn_blocking_carried(work);
    tasks.spawn_blocking_on_carried(work, &tokio::runtime::Handle::current());
    tasks.spawn_blocking(in_a_set);
    let local = LocalSet::new();
    tasks.spawn_local_on_carried(task(), &local);
    let all = local.run_until(async move {
        tasks.spawn_local_carried(task());
        tasks.join_all().await
    });
    all.await.len()
}

#[test]
fn a_set_of_tasks_carries_when_told() {
    let spans = capture_async(async { assert_eq!(sets_of_tasks().await, 7) });

    assert_under(&spans, "sets_of_tasks", 6);
    let [alone] = spans_named("in_a_set").try_into().expect("one span");
    assert!(alone.is_root());
}

#[traced]
fn panics_elsewhere() -> bool {
    std::thread::spawn(|| {
        work();
        panic!("expected by this test")
    })
    .join()
    .is_err()
}

#[test]
fn a_panic_in_a_thread_is_still_the_threads() {
    let spans = capture(|| assert!(panics_elsewhere()));

    assert_eq!(spans.parent_of("work"), "panics_elsewhere");
    assert_eq!(spans.one("panics_elsewhere").error(), None);
}
