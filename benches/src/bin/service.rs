//! What does an annotated call take while a backend is in trouble? A service in a process of its own.
//!
//! `service PORT`, or `service PORT 1` by gRPC. For every line that it reads it does a block of calls, and answers with the
//! nanoseconds that the one in the middle took, and the slowest but one per cent. At a line with a
//! number it sends what it holds, for as many seconds at most, and answers with the spans that ended,
//! were exported, are held and were dropped, and with the attempts that were made again.

use std::io;
use std::time::{Duration, Instant};

use otel_benches::{
    Batches, Contender, Distribution, Export, Installed, Shape, Transport, Tree, number,
};

/// Calls in a block.
const BLOCK: usize = 1000;

/// A call without others in it.
const CALL: Tree = Tree { shape: Shape::Sync { children: 0 }, sampled: true };

fn main() {
    let mut arguments = std::env::args().skip(1);
    let port = number(&arguments.next().expect("usage: service PORT [1]"));
    let transport = if arguments.next().is_some() { Transport::Grpc } else { Transport::Http };
    let export = Export { transport, port, batches: Batches::LARGE };
    let Installed::Telemetry(telemetry) = Contender::Traced.install(Some(&export)) else {
        unreachable!("`#[traced]` exports by itself");
    };
    let mut ends = Vec::with_capacity(BLOCK + 1);
    for line in io::stdin().lines() {
        if let Ok(seconds) = line.expect("lines are text").parse() {
            // What is not delivered is among the numbers.
            let _ = telemetry.flush_within(Duration::from_secs(seconds));
            let stats = telemetry.stats();
            println!(
                "{} {} {} {} {}",
                stats.ended,
                stats.exported,
                stats.held,
                stats.dropped.total(),
                stats.retried
            );
            continue;
        }
        let times = block(&mut ends);
        println!("{} {}", times.median(), times.at(0.99));
    }
}

/// How long the calls of a block take.
fn block(ends: &mut Vec<Instant>) -> Distribution {
    ends.clear();
    ends.push(Instant::now());
    for _ in 0..BLOCK {
        Contender::Traced.grow(CALL);
        ends.push(Instant::now());
    }
    let times = ends.windows(2).map(|pair| pair[1].duration_since(pair[0]));
    Distribution::of(times.map(|time| time.as_secs_f64() * 1e9))
}
