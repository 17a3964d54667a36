//! A program whose calls are counted. Its arguments say what it does, one after the other.

use std::error::Error;
use std::thread;

use otel_runtime::{init, traced};

fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = init()?;
    for work in std::env::args().skip(1) {
        match work.as_str() {
            "calls" => calls(),
            "flush" => drop(telemetry.flush()?),
            "panic" => {
                let _ = std::panic::catch_unwind(panics);
            }
            "cancel" => cancel(),
            "ids" => (0..100).for_each(|id| drop(fails_with_an_id(id))),
            "fork" => fork()?,
            other => return Err(other.into()),
        }
    }
    telemetry.shutdown()?;
    Ok(())
}

/// On four threads, each: ten roots with ten leaves and one failure each.
fn calls() {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..10).for_each(|_| root()));
        }
    });
}

#[traced]
fn root() {
    (0..10).for_each(|_| leaf());
    let _ = fails();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(waits());
}

#[traced]
fn leaf() {}

#[traced]
async fn waits() {
    tokio::task::yield_now().await;
}

#[traced]
fn fails() -> Result<(), std::num::ParseIntError> {
    "x".parse::<u8>().map(drop)
}

#[traced]
fn panics() {
    panic!("as it is asked to");
}

#[traced]
async fn pends() {
    std::future::pending::<()>().await;
}

fn cancel() {
    let mut future = Box::pin(pends());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
}

#[traced(error_type = |ret| ret.as_ref().err().cloned().unwrap_or_default())]
fn fails_with_an_id(id: u32) -> Result<(), String> {
    Err(format!("order {id}"))
}

/// The child makes the calls, and the parent none.
fn fork() -> Result<(), Box<dyn Error>> {
    leaf();
    match fork::fork()? {
        fork::Fork::Parent(child) => drop(fork::waitpid(child)?),
        fork::Fork::Child => {
            otel_runtime::after_fork()?;
            calls();
        }
    }
    Ok(())
}
