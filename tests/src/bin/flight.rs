//! A program that samples nothing and has a flight recorder. Its argument says what goes wrong.

use std::error::Error;
use std::thread;

use fork::{Fork, fork, waitpid};
use opentelemetry::global;
use opentelemetry::trace::Tracer;
use otel_runtime::{Stats, Telemetry, after_fork, flight, init, traced};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[traced(attrs(token))]
fn request(token: &str, fails: bool) -> std::result::Result<(), String> {
    global::tracer("library").in_span("query", |_| ());
    let _ = token;
    load(fails)
}

#[traced]
fn load(fails: bool) -> std::result::Result<(), String> {
    if fails { Err("no".to_owned()) } else { Ok(()) }
}

#[traced]
fn panics() {
    panic!("at once");
}

const TOKEN: &str = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

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
    let _ = request(TOKEN, false);
    match std::env::args().nth(1).as_deref() {
        Some("nothing") => {}
        Some("error") => drop(request(TOKEN, true)),
        Some("call") => assert!(flight::dump()),
        Some("thread") => assert!(thread::spawn(panics).join().is_err()),
        Some("main") => panics(),
        Some("signal") => {
            telemetry.flush_on_signals()?;
            println!("ready");
            loop {
                thread::park();
            }
        }
        Some("fork") => match fork().map_err(|error| format!("no fork: {error}"))? {
            Fork::Parent(child) => drop(waitpid(child)),
            Fork::Child => {
                after_fork()?;
                let _ = load(false);
                assert!(flight::dump());
            }
        },
        other => return Err(format!("unknown: {other:?}").into()),
    }
    telemetry.shutdown()?;
    let Stats { exported, dropped, .. } = stats(&telemetry);
    assert_eq!(dropped.total(), 0);
    assert_eq!(Some(exported), telemetry.flight().map(|it| it.sent));
    Ok(())
}
