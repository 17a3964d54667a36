//! How much memory do spans take that cannot leave, however many there are? A service in a process of
//! its own, that does nothing but end spans.
//!
//! `flood PORT BYTES SECONDS`: with zero bytes, the default settings. Prints by how many bytes the
//! memory grew at most, and the spans that ended, were exported, are held and were dropped.

use std::time::{Duration, Instant};
use std::{fs, process, thread};

use otel_benches::{Batches, Contender, Export, Installed, Shape, Transport, Tree, note, number};

const THREADS: usize = 4;

/// Of common spans.
const TREE: Tree = Tree { shape: Shape::Sync { children: 10 }, sampled: true };

/// How long the attributes of the others are.
const LONG: [usize; 3] = [100, 1000, 20_000];

fn main() {
    let arguments: Vec<usize> = std::env::args().skip(1).map(|text| number(&text)).collect();
    let [port, bytes, seconds] = arguments[..] else { panic!("usage: flood PORT BYTES SECONDS") };
    let batches = if bytes == 0 { Batches::DEFAULT } else { Batches::bounded_by(bytes) };
    let port = u16::try_from(port).expect("a port");
    let export = Export { transport: Transport::Http, port, batches };
    let Installed::Telemetry(telemetry) = Contender::Traced.install(Some(&export)) else {
        unreachable!("`#[traced]` exports by itself");
    };
    let before = peak();
    let until = Instant::now() + Duration::from_secs(u64::try_from(seconds).expect("few seconds"));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| flood(until));
        }
    });
    let stats = telemetry.stats();
    println!(
        "{} {} {} {} {}",
        peak() - before,
        stats.ended,
        stats.exported,
        stats.held,
        stats.dropped.total()
    );
    // Nobody is there to send it to.
    process::exit(0);
}

fn flood(until: Instant) {
    let longest = "x".repeat(LONG[LONG.len() - 1]);
    while Instant::now() < until {
        for length in LONG {
            (0..3).for_each(|_| Contender::Traced.grow(TREE));
            note(&longest[..length]);
        }
    }
}

/// The most memory that this process has had, in bytes.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|line| line.trim().strip_suffix("kB")).expect("in kilobytes");
    1024 * number::<usize>(kilobytes)
}
