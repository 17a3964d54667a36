//! How much memory does a sampled span take from the allocator, on the calling thread?
//!
//! `allocations CONTENDER SCENARIO PORT`, the first two by their index. Prints the allocations and the
//! bytes of a span. A program of its own, because the allocator that counts is slower.

use otel_benches::{Contender, Scenario};

fn main() {
    let arguments: Vec<usize> = std::env::args()
        .skip(1)
        .map(|argument| argument.parse().expect("usage: allocations CONTENDER SCENARIO PORT"))
        .collect();
    let (contender, scenario) = (Contender::ALL[arguments[0]], Scenario::ALL[arguments[1]]);
    let port = u16::try_from(arguments[2]).expect("a port");
    let installed = contender.install(scenario.export(port).as_ref());
    let trees = scenario.paced().expect("spans are sent");
    let work = || (0..trees).for_each(|_| contender.grow(scenario.tree()));
    // What is set up once is not counted.
    work();
    installed.flush();
    let used = allocation_counter::measure(work);
    installed.flush();
    let spans = u64::from(trees * scenario.tree().shape.calls());
    println!("{} {}", per(used.count_total, spans), per(used.bytes_total, spans));
}

/// A quotient with one decimal.
fn per(total: u64, spans: u64) -> String {
    let tenths = (10 * total + spans / 2) / spans;
    format!("{}.{}", tenths / 10, tenths % 10)
}
