//! Does what runs while an annotated function waits stay out of its trace?

use std::future::Future;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use otel_runtime::context::{
    RuntimeExt, carry, carry_each, carry_future, detached, detached_future,
};
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, Spans, spans_named};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tokio::runtime::Runtime;
use tokio::task::LocalSet;

use crate::{capture, capture_async};

/// Long enough for another thread to take some of the work.
fn be_busy() {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_micros(100) {
        std::hint::spin_loop();
    }
}

#[traced]
fn half_of_a_request() {
    be_busy();
}

#[traced]
fn request_that_joins() {
    rayon::join(half_of_a_request, || {
        half_of_a_request();
    });
}

#[test]
fn requests_that_share_a_pool_and_join_have_a_trace_each() {
    const REQUESTS: usize = 300;
    drop(capture(|| ()));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().expect("a pool");
    let (sender, receiver) = mpsc::channel();
    for _ in 0..REQUESTS {
        let sender = sender.clone();
        pool.spawn(move || {
            request_that_joins();
            let _ = sender.send(());
        });
    }
    (0..REQUESTS).for_each(|_| receiver.recv().expect("every request is served"));

    assert_served_apart("request_that_joins", "half_of_a_request", REQUESTS);
}

/// Asserts that each of `count` requests is a trace of its own, with both its parts in it.
fn assert_served_apart(request: &str, part: &str, count: usize) {
    let requests = spans_named(request);
    assert_eq!(requests.len(), count);
    let merged = requests.iter().filter(|span| !span.is_root()).count();
    assert_eq!(merged, 0, "of {count} requests began inside another one");
    let parts = spans_named(part);
    for request in requests {
        let own = parts.iter().filter(|it| it.parent_span_id == request.span_context.span_id());
        assert_eq!(own.count(), 2);
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
}

/// The task of another request, which is due as soon as somebody runs the tasks of its thread.
#[traced]
async fn task_of_another() -> usize {
    Context::map_current(|context| context.baggage().len())
}

#[traced]
async fn task_of_this() {
    tokio::task::yield_now().await;
}

/// Asserts that `waits`, while it waited for `task_of_this`, ran `task_of_another` apart.
fn assert_apart(spans: &Spans, waits: &str) {
    assert_eq!(spans.parent_of("task_of_this"), waits);
    let named: Vec<_> = spans.all.iter().filter(|span| span.name == "task_of_another").collect();
    assert!(named.is_empty(), "{:?}", spans.names());
}

#[traced]
fn blocks_on_a_runtime(runtime: &Runtime) {
    let work = carry_future(task_of_this());
    detached(|| runtime.block_on(work));
}

#[test]
fn tasks_of_a_runtime_stay_out_of_the_trace_of_a_function_that_blocks_detached() {
    let runtime = runtime();
    let other = runtime.spawn(task_of_another());
    let spans = capture(|| blocks_on_a_runtime(&runtime));

    assert_apart(&spans, "blocks_on_a_runtime");
    assert_eq!(runtime.block_on(other).expect("no panic"), 0);
}

#[traced]
fn blocks_on_a_runtime_carried(runtime: &Runtime) {
    runtime.block_on_carried(task_of_this());
    runtime.handle().block_on_carried(async {});
}

#[test]
fn tasks_of_a_runtime_stay_out_of_the_trace_of_a_function_that_blocks_carried() {
    let runtime = runtime();
    let other = runtime.spawn(task_of_another());
    let spans = capture(|| blocks_on_a_runtime_carried(&runtime));

    assert_apart(&spans, "blocks_on_a_runtime_carried");
    assert_eq!(runtime.block_on(other).expect("no panic"), 0);
}

#[traced]
async fn runs_a_set(set: &LocalSet) {
    detached_future(set.run_until(carry_future(task_of_this()))).await;
}

#[test]
fn tasks_of_a_local_set_stay_out_of_the_trace_of_a_function_that_runs_it_detached() {
    let set = LocalSet::new();
    set.spawn_local(task_of_another());
    let spans = capture_async(async { runs_a_set(&set).await });

    assert_apart(&spans, "runs_a_set");
}

#[test]
fn what_is_detached_has_no_baggage_either() {
    let baggage = || Context::map_current(|context| context.baggage().len());
    let context = Context::new().with_baggage([opentelemetry::KeyValue::new("tenant", "7")]);
    let _guard = context.attach();

    assert_eq!(detached(baggage), 0);
    assert_eq!(runtime().block_on(detached_future(async { baggage() })), 0);
    assert_eq!(baggage(), 1);
}

#[traced]
async fn step() {}

async fn connection() {
    task_of_another().await;
}

/// A server that has its tasks spawned by somebody who knows nothing of traces.
fn serve() -> impl Future<Output = ()> {
    let task = tokio::spawn(connection());
    async move {
        step().await;
        task.await.expect("no panic");
    }
}

#[tokio::main(flavor = "current_thread")]
#[traced]
async fn main_below_tokio() -> Result<(), String> {
    serve().await;
    Ok(())
}

#[traced]
#[tokio::main(flavor = "current_thread")]
async fn main_above_tokio() {
    serve().await;
}

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
#[traced]
async fn main_of_several_threads() {
    tokio::spawn(task_of_this()).await.expect("no panic");
    serve().await;
}

#[test]
fn tasks_of_a_main_function_have_traces_of_their_own_unless_it_spawns_them() {
    let below = capture(|| assert_eq!(main_below_tokio(), Ok(())));
    assert_eq!(below.names(), ["step", "main_below_tokio"]);
    assert_eq!(below.parent_of("step"), "main_below_tokio");

    let above = capture(main_above_tokio);
    assert_eq!(above.parent_of("step"), "main_above_tokio");
    // Under what is current around the whole function, here that of the test.
    let parent = above.one("task_of_another").parent_span_id;
    assert_ne!(parent, above.one("main_above_tokio").span_context.span_id());

    let several = capture(main_of_several_threads);
    assert_eq!(several.parent_of("step"), "main_of_several_threads");
    assert_eq!(several.parent_of("task_of_this"), "main_of_several_threads");
    assert_eq!(several.all.len(), 3, "{:?}", several.names());
}

#[traced]
fn job_of_another() {}

#[traced]
fn job_of_this() {}

/// Has another thread of the pool run a job of somebody else's, and waits for that.
fn meanwhile() {
    let (sender, receiver) = mpsc::channel();
    rayon::spawn(move || {
        job_of_another();
        let _ = sender.send(());
    });
    receiver.recv().expect("some thread is free");
}

#[traced]
fn has_a_scope() -> u32 {
    let (sender, receiver) = mpsc::channel();
    let mut results = [0; 3];
    let [first, second, third] = &mut results;
    rayon::scope(move |scope| {
        scope.spawn(move |scope| {
            sender.send(()).expect("somebody waits");
            scope.spawn(move |_| *first = 1);
            job_of_this();
            meanwhile();
            *second = 2;
        });
        // Not before that is on another thread, so that nothing is left to do here but wait.
        receiver.recv().expect("it runs");
        *third = 4;
    });
    results.iter().sum()
}

#[traced]
fn has_a_scope_in_place() {
    let (sender, receiver) = mpsc::channel();
    let job = || job_of_this();
    rayon::in_place_scope(|scope| {
        scope.spawn(move |_: &rayon::Scope<'_>| {
            sender.send(()).expect("somebody waits");
            job();
            meanwhile();
        });
        receiver.recv().expect("it runs");
    });
}

#[test]
fn other_jobs_stay_out_of_the_trace_of_a_function_that_waits_for_a_scope() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("a pool");
    let spans = capture(|| assert_eq!(pool.install(carry(has_a_scope)), 7));
    assert_eq!(spans.parent_of("job_of_this"), "has_a_scope");
    assert_eq!(spans.all.len(), 2, "{:?}", spans.names());

    let spans = capture(|| pool.install(carry(has_a_scope_in_place)));
    assert_eq!(spans.parent_of("job_of_this"), "has_a_scope_in_place");
    assert_eq!(spans.all.len(), 2, "{:?}", spans.names());
}

#[traced]
fn joins() {
    let (sender, receiver) = mpsc::channel();
    rayon::join(
        // Not before the other is on another thread.
        move || receiver.recv(),
        move || {
            sender.send(()).expect("somebody waits");
            job_of_this();
            meanwhile();
        },
    )
    .0
    .expect("it runs");
}

#[test]
fn other_jobs_stay_out_of_the_trace_of_a_function_that_joins() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("a pool");
    let spans = capture(|| pool.install(carry(joins)));

    assert_eq!(spans.parent_of("job_of_this"), "joins");
    assert_eq!(spans.all.len(), 2, "{:?}", spans.names());
}

#[traced]
fn item_of_this(_: u32) {
    job_of_this();
}

#[traced]
fn iterates() {
    let (sender, receiver) = mpsc::channel();
    let receiver = Mutex::new(receiver);
    let item = carry_each(move |item| {
        item_of_this(item);
        if item == 0 {
            // Not before the other is on another thread.
            receiver.lock().expect("no panic").recv().expect("it runs");
        } else {
            sender.send(()).expect("somebody waits");
            meanwhile();
        }
    });
    detached(|| [0, 1].into_par_iter().for_each(item));
}

#[test]
fn other_jobs_stay_out_of_the_trace_of_a_function_that_iterates_detached() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("a pool");
    let spans = capture(|| pool.install(carry(iterates)));

    let parents = spans.all.iter().filter(|span| span.name == "item_of_this");
    let iterates = spans.one("iterates").span_context.span_id();
    assert!(parents.clone().all(|span| span.parent_span_id == iterates));
    assert_eq!((parents.count(), spans.all.len()), (2, 5), "{:?}", spans.names());
}

#[traced]
fn panics_in_a_join() {
    let joined =
        std::panic::catch_unwind(|| rayon::join(|| panic!("expected by this test"), || ()));
    assert!(joined.is_err());
    half_of_a_request();
}

#[test]
fn the_span_is_current_again_after_a_join_that_panics() {
    let spans = capture(panics_in_a_join);

    assert_eq!(spans.parent_of("half_of_a_request"), "panics_in_a_join");
}

/// Notes its name when it is dropped.
struct Witness<'a>(&'static str, &'a Mutex<Vec<&'static str>>);

impl Witness<'_> {
    fn length(&self) -> usize {
        self.0.len()
    }
}

impl Drop for Witness<'_> {
    fn drop(&mut self) {
        self.1.lock().expect("no panic").push(self.0);
    }
}

fn drops_plainly(dropped: &Mutex<Vec<&'static str>>) -> usize {
    let mut length = 0;
    let captured = Witness("captured", dropped);
    let place = &mut length;
    rayon::scope(|scope| {
        scope.spawn(move |_| {
            let _captured = &captured;
            *place = {
                let local = Witness("local", dropped);
                local.length() + Witness("temporary", dropped).length()
            };
        });
    });
    length
}

#[traced]
fn drops_traced(dropped: &Mutex<Vec<&'static str>>) -> usize {
    let mut length = 0;
    let captured = Witness("captured", dropped);
    let place = &mut length;
    rayon::scope(|scope| {
        scope.spawn(move |_| {
            let _captured = &captured;
            *place = {
                let local = Witness("local", dropped);
                local.length() + Witness("temporary", dropped).length()
            };
        });
    });
    length
}

#[test]
fn a_job_drops_what_it_holds_in_the_same_order() {
    let (plain, traced) = (Mutex::default(), Mutex::default());

    assert_eq!(drops_plainly(&plain), 14);
    drop(capture(|| assert_eq!(drops_traced(&traced), 14)));

    assert_eq!(plain.into_inner().expect("no panic"), traced.into_inner().expect("no panic"));
}
