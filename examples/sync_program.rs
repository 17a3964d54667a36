//! A program without any async runtime: threads, and a context that goes with them.
//!
//! ```text
//! cargo run --example sync_program
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::num::ParseIntError;
use std::thread;

use otel_runtime::context::carry;
use otel_runtime::traced;

/// A web server's log: path, status, milliseconds.
const LOG: &str = "\
/cart 200 12
/cart 200 9
/checkout 500 240
/cart 200 11
/checkout 200 180
/health 200 1
";

#[traced(attrs(threads))]
fn slowest(
    log: &'static str,
    threads: usize,
) -> Result<BTreeMap<&'static str, u64>, ParseIntError> {
    let lines: Vec<&str> = log.lines().collect();
    let parts = lines.chunks(lines.len().div_ceil(threads).max(1));
    let workers: Vec<_> = parts
        .map(|part| {
            let part = part.to_vec();
            // `std::thread::spawn` would need no `carry`. With a shorter path, which could be
            // anybody's, the thread would start a trace of its own without it.
            thread::spawn(carry(move || parse(&part)))
        })
        .collect();

    let mut slowest = BTreeMap::new();
    for worker in workers {
        let part = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        for (path, millis) in part {
            let known = slowest.entry(path).or_insert(millis);
            *known = millis.max(*known);
        }
    }
    Ok(slowest)
}

#[traced(attrs(lines = lines.len()))]
fn parse(lines: &[&'static str]) -> Result<Vec<(&'static str, u64)>, ParseIntError> {
    lines
        .iter()
        .filter_map(|line| line.split_once(' '))
        .map(|(path, rest)| {
            let millis = rest.rsplit(' ').next().unwrap_or_default();
            Ok((path, millis.parse()?))
        })
        .collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = otel_runtime::init()?;
    for (path, millis) in slowest(LOG, 2)? {
        println!("{path}: {millis} ms");
    }
    if let Err(error) = slowest("/cart 200 soon", 1) {
        println!("a log that cannot be read: {error}");
    }
    telemetry.shutdown()?;
    Ok(())
}
