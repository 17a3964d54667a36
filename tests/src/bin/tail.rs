//! A program that keeps only traces with an error. Its argument says how it ends.

use std::error::Error;

use fork::{Fork, fork, waitpid};
use otel_runtime::{Stats, Telemetry, after_fork, init, traced};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[traced]
fn parent<R>(body: impl FnOnce() -> R) -> R {
    body()
}

#[traced]
fn load(fails: bool) -> std::result::Result<(), &'static str> {
    if fails { Err("no") } else { Ok(()) }
}

#[traced(min_duration = "60s")]
fn short() {}

#[traced(fold = 1)]
fn one() {}

fn request(fails: bool) {
    parent(|| {
        let _ = load(fails);
        short();
        for _ in 0..5 {
            one();
        }
    });
}

/// The counters, which always add up.
#[track_caller]
fn stats(telemetry: &Telemetry) -> Stats {
    let stats = telemetry.stats();
    let Stats { ended, exported, held, sampled_out, folded, dropped, .. } = stats;
    assert_eq!(ended, exported + held + sampled_out + folded + dropped.total(), "{stats:?}");
    stats
}

fn main() -> Result<()> {
    let telemetry = init()?;
    match std::env::args().nth(1).as_deref() {
        Some("flushes") => flushes(&telemetry)?,
        Some("shutdown") => {
            (0..1000).for_each(|request_number| request(request_number % 10 == 0));
            stats(&telemetry);
            println!("{:?}", telemetry.shutdown()?);
            let Stats { held, sampled_out, dropped, .. } = stats(&telemetry);
            println!("held {held}, sampled out {sampled_out}, dropped {dropped}");
        }
        Some("forks") => forks(&telemetry)?,
        other => return Err(format!("unknown: {other:?}").into()),
    }
    Ok(())
}

fn flushes(telemetry: &Telemetry) -> Result<()> {
    parent(|| -> Result<()> {
        let _ = load(true);
        println!("{:?}", telemetry.flush()?);
        println!("{:?}", telemetry.flush_deciding()?);
        Ok(())
    })?;
    request(false);
    println!("{:?}", telemetry.flush_deciding()?);
    let tail = telemetry.tail().ok_or("no tail")?;
    println!("{:?} {:?} {:?}", tail.kept, tail.late, tail.undecided);
    stats(telemetry);
    Ok(())
}

fn forks(telemetry: &Telemetry) -> Result<()> {
    request(true);
    parent(|| -> Result<()> {
        match fork().map_err(|error| format!("no fork: {error}"))? {
            Fork::Parent(child) => drop(waitpid(child)),
            Fork::Child => {
                after_fork()?;
                request(true);
                request(false);
                telemetry.shutdown()?;
                let Stats { held, .. } = stats(telemetry);
                std::process::exit(held.try_into().unwrap_or(1));
            }
        }
        let _ = load(true);
        Ok(())
    })?;
    println!("{:?}", telemetry.shutdown()?);
    stats(telemetry);
    Ok(())
}
