//! What do samplers cost that all threads share?

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;

use opentelemetry::trace::{SpanKind, TraceId};
use opentelemetry_sdk::trace::ShouldSample;
use otel_benches::{Distribution, clock};
use otel_runtime::sampling::{HeadSampler, RateLimiting, SamplerError, TargetThroughput};

const CALLS: u32 = 200_000;
const THREADS: [u32; 3] = [1, 2, 8];

type Shared = (&'static str, fn() -> Result<HeadSampler, SamplerError>);

const SHARED: [Shared; 4] = [
    ("rate limiting, most refused", || Ok(RateLimiting::new(1_000.0)?.into())),
    ("rate limiting, most kept", || Ok(RateLimiting::new(1e6)?.into())),
    ("target throughput", || Ok(TargetThroughput::traces(1_000.0)?.into())),
    ("target throughput by name", || Ok(TargetThroughput::traces(1_000.0)?.by_name().into())),
];

pub(crate) fn print(turns: usize) {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    println!(
        "ns of a thread a decision, where so many threads do nothing else on {processors} processors\n"
    );
    print!("{:<38}", "");
    for threads in THREADS {
        print!("{threads:>8}");
    }
    println!();
    for (name, make) in SHARED {
        print!("{name:<38}");
        for threads in THREADS {
            let times = (0..turns.max(3)).map(|_| turn(&make().expect("valid"), threads));
            print!("{:>8.1}", Distribution::of(times).median());
        }
        println!();
    }
    println!();
}

fn turn(sampler: &HeadSampler, threads: u32) -> f64 {
    let barrier = Barrier::new(threads as usize);
    let calls = || {
        barrier.wait();
        let began = clock::of_thread();
        for at in 0..CALLS {
            let id = TraceId::from(u128::from(at + 1));
            let sampler: &dyn ShouldSample = black_box(sampler);
            let name = if at % 2 == 0 { "GET /orders" } else { "GET /carts" };
            drop(black_box(sampler.should_sample(None, id, name, &SpanKind::Server, &[], &[])));
        }
        clock::of_thread().saturating_sub(began).as_secs_f64() * 1e9 / f64::from(CALLS)
    };
    let sum: f64 = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(calls)).collect();
        running.into_iter().map(|it| it.join().expect("it ends")).sum()
    });
    sum / f64::from(threads)
}
