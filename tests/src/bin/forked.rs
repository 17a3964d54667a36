//! A program that forks after it has set tracing up. Its argument says what for.

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{process, thread};

use fork::{Fork, fork, waitpid};
use opentelemetry::trace::{TraceContextExt, Tracer};
use opentelemetry::{Context, global};
use otel_runtime::{Telemetry, after_fork, doctor, init, traced};

/// How many spans a daemon ends.
const SPANS: u64 = 5_000;

#[traced]
fn work() -> String {
    let span = Context::current().span().span_context().clone();
    format!("{}-{}", span.trace_id(), span.span_id())
}

#[traced]
fn open_at_the_fork<R>(body: impl FnOnce() -> R) -> R {
    body()
}

fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = init()?;
    match std::env::args().nth(1).as_deref() {
        Some("daemon") => daemon(&telemetry, false)?,
        Some("daemon-after-fork") => daemon(&telemetry, true)?,
        Some("ids") => ids()?,
        #[cfg(unix)]
        Some("signalled") => signalled(&telemetry)?,
        Some("children") => children(&telemetry)?,
        other => return Err(format!("unknown: {other:?}").into()),
    }
    drop(telemetry);
    Ok(())
}

/// Goes on in the child, and is done with the parent.
fn daemon(telemetry: &Telemetry, tells: bool) -> Result<(), Box<dyn Error>> {
    work();
    telemetry.flush()?;
    let parent = process::id();
    let is_parent = open_at_the_fork(|| -> Result<bool, Box<dyn Error>> {
        if let Fork::Parent(child) = fork()? {
            waitpid(child)?;
            return Ok(true);
        }
        Ok(false)
    })?;
    if is_parent {
        return Ok(());
    }
    assert_ne!(process::id(), parent);
    if tells {
        after_fork()?;
        after_fork()?;
    }
    for _ in 0..SPANS {
        work();
    }
    global::tracer("another library").in_span("of another library", |_| ());
    let diagnosis = doctor();
    let flushed = telemetry.flush().map_err(|error| error.to_string());
    println!("{}", diagnosis.to_string().replace('\n', "; "));
    println!("{flushed:?}");
    println!("{:?}", telemetry.stats());
    Ok(())
}

/// A child gets a signal that its parent would flush for.
#[cfg(unix)]
fn signalled(telemetry: &Telemetry) -> Result<(), Box<dyn Error>> {
    /// Far longer than a flush takes.
    const LONG: Duration = Duration::from_secs(30);

    telemetry.flush_on_signals()?;
    if let Fork::Parent(child) = fork()? {
        waitpid(child)?;
        return Ok(());
    }
    after_fork()?;
    after_fork()?;
    work();
    let pid = process::id().to_string();
    process::Command::new("kill").args(["-s", "TERM", &pid]).status()?;
    thread::sleep(LONG);
    println!("the signal did not end it");
    process::exit(0);
}

/// Tells the ids of the parent's spans and of each child's.
fn ids() -> Result<(), Box<dyn Error>> {
    work();
    let of_another_library = || {
        global::tracer("another library").in_span("another", |context| {
            let span = context.span().span_context().clone();
            format!("{}-{}", span.trace_id(), span.span_id())
        })
    };
    of_another_library();
    let tell = || {
        for _ in 0..10 {
            println!("{}", work());
            println!("{}", of_another_library());
        }
    };
    for tells in [false, true, false, true] {
        if let Fork::Parent(child) = fork()? {
            waitpid(child)?;
            tell();
        } else {
            if tells {
                after_fork()?;
            }
            tell();
            process::exit(0);
        }
    }
    Ok(())
}

/// Forks while other threads end spans, flush and ask for what became of them.
fn children(telemetry: &Telemetry) -> Result<(), Box<dyn Error>> {
    const CHILDREN: u32 = 200;
    static STOP: AtomicBool = AtomicBool::new(false);

    let is_child = thread::scope(|scope| -> Result<bool, Box<dyn Error>> {
        for _ in 0..3 {
            let parent = Context::current();
            // Not waited for in a child, where they are not.
            let busy = move || {
                let _attached = parent.attach();
                while !STOP.load(Ordering::Relaxed) {
                    work();
                }
            };
            drop(thread::Builder::new().spawn(busy)?);
        }
        let _ = scope;
        for n in 0..CHILDREN {
            let _ = telemetry.flush_within(Duration::from_millis(1));
            match fork()? {
                Fork::Child => return child(telemetry, n % 4 == 0).map(|()| true),
                Fork::Parent(child) => {
                    let status = waitpid(child)?;
                    if status != 0 {
                        return Err(format!("child {n} ended with {status}").into());
                    }
                }
            }
        }
        Ok(false)
    })?;
    if !is_child {
        STOP.store(true, Ordering::Relaxed);
        println!("{CHILDREN} children");
    }
    Ok(())
}

/// Touches all that a thread of the parent's may have locked.
fn child(telemetry: &Telemetry, tells: bool) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    work();
    assert!(telemetry.stats().dropped.in_forked_child >= 1);
    assert!(telemetry.flush().is_err());
    assert!(!doctor().is_healthy());
    if tells {
        after_fork()?;
        work();
        let delivered = telemetry.flush()?;
        assert_eq!(delivered.exported, 1);
    }
    thread::spawn(work).join().map_err(|_| "no panic")?;
    let _ = telemetry.shutdown();
    if !tells {
        // Far less than what a lock that nobody gives back, or a thread that is not there, would take.
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    }
    Ok(())
}
