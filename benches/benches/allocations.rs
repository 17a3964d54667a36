//! How much memory does a sampled span take from the allocator, on the calling thread?
//!
//! `cargo bench -p otel-benches --bench allocations`

use otel_benches::{Contender, Scenario};

fn main() {
    for contender in Contender::ALL {
        contender.install(Scenario::Sync);
    }
    for scenario in [Scenario::Sync, Scenario::Async] {
        println!("{scenario}\n");
        println!("{:<12}{:>18}{:>12}", "", "allocations/span", "bytes/span");
        for contender in Contender::ALL {
            // What is set up once is not counted.
            contender.tree(scenario);
            let used = allocation_counter::measure(|| contender.tree(scenario));
            let spans = u64::from(scenario.spans());
            let (count, bytes) = (per(used.count_total, spans), per(used.bytes_total, spans));
            println!("{contender:<12}{count:>18}{bytes:>12}");
        }
        println!();
    }
}

/// A quotient with one decimal.
fn per(total: u64, spans: u64) -> String {
    let tenths = (10 * total + spans / 2) / spans;
    format!("{}.{}", tenths / 10, tenths % 10)
}
