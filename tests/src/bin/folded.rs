//! A program whose loops are folded. Its argument says which.

use std::error::Error;

use fork::{Fork, fork, waitpid};
use otel_runtime::{Stats, Telemetry, after_fork, init, traced};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[traced]
fn load() {}

#[traced(fold = false)]
fn every() {}

#[traced(fold = 1)]
fn one() {}

#[traced]
fn parent<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// The counters, which always add up.
#[track_caller]
fn stats(telemetry: &Telemetry) -> Stats {
    let stats = telemetry.stats();
    let Stats { ended, exported, held, folded, dropped, .. } = stats;
    assert_eq!(ended, exported + held + folded + dropped.total(), "{stats:?}");
    stats
}

fn main() -> Result<()> {
    let telemetry = init()?;
    match std::env::args().nth(1).as_deref() {
        Some("loops") => loops(&telemetry)?,
        Some("shutdown") => shutdown(&telemetry)?,
        Some("forks") => forks(&telemetry)?,
        other => return Err(format!("unknown: {other:?}").into()),
    }
    Ok(())
}

fn loops(telemetry: &Telemetry) -> Result<()> {
    parent(|| {
        for _ in 0..10 {
            load();
            every();
            one();
            stats(telemetry);
        }
    });
    let stats_now = stats(telemetry);
    // 30 and the parent, and two that stand for others.
    assert_eq!((stats_now.ended, stats_now.folded), (33, 7 + 9));
    let delivered = telemetry.flush()?;
    println!("{delivered:?} {}", stats(telemetry).dropped);
    Ok(())
}

/// The parent is open when all ends.
fn shutdown(telemetry: &Telemetry) -> Result<()> {
    parent(|| {
        (0..10).for_each(|_| load());
        println!("{:?}", telemetry.shutdown()?);
        (0..10).for_each(|_| load());
        Ok(())
    })
}

fn forks(telemetry: &Telemetry) -> Result<()> {
    parent(|| {
        (0..10).for_each(|_| load());
        if let Fork::Parent(child) = fork()? {
            waitpid(child)?;
            (0..10).for_each(|_| load());
            stats(telemetry);
            return Ok(());
        }
        after_fork()?;
        (0..10).for_each(|_| load());
        println!("{:?}", telemetry.flush()?);
        stats(telemetry);
        std::process::exit(0);
    })
}
