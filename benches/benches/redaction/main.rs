//! What does it cost to look for secrets and personal data in what a span holds?
//!
//! `cargo bench -p otel-benches --bench redaction [-- --quick]`, on Linux. Told are nanoseconds of the processor for the
//! five texts of a span, the median of the turns: what the gate takes, and a scan, beside searches for the same by
//! plain regular expressions, a set of them, and an automaton of literals.

mod plain;
mod texts;

use std::env;
use std::hint::black_box;

use otel_benches::{Distribution, clock};
use otel_runtime::privacy::{Coverage, Scanner};
use plain::Plain;
use texts::TEXTS;

/// Spans of a turn.
const SPANS: u32 = 20_000;

fn main() {
    let turns = if env::args().any(|argument| argument == "--quick") { 10 } else { 60 };
    let plain = Plain::new();
    let scanners = [Scanner::new(Coverage::Secrets), Scanner::new(Coverage::Personal)];
    println!(
        "ns of the processor for the five texts of a span, without their keys; a scan with them\n"
    );
    println!(
        "{:<44}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "", "regexes", "set", "literals", "gate", "scan", "gate", "scan"
    );
    println!("{:<74}{:>20}{:>20}", "", "secrets", "personal");
    for (what, texts) in TEXTS {
        print!("{what:<44}");
        for search in [Plain::each, Plain::set, Plain::literals] {
            tell(turns, || texts.iter().filter(|(_, text)| search(&plain, text)).count());
        }
        for scanner in &scanners {
            tell(turns, || {
                texts.iter().filter(|(_, text)| scanner.suspects(black_box(text))).count()
            });
            let mut found = Vec::new();
            tell(turns, || {
                found.clear();
                texts
                    .iter()
                    .map(|(key, text)| scanner.scan(Some(key), black_box(text), &mut found))
                    .sum()
            });
        }
        println!();
    }
}

/// Nanoseconds a call.
fn tell(turns: usize, mut search: impl FnMut() -> usize) {
    let mut turn = || {
        let began = clock::of_thread();
        for _ in 0..SPANS {
            black_box(search());
        }
        clock::of_thread().saturating_sub(began).as_secs_f64() * 1e9 / f64::from(SPANS)
    };
    turn();
    print!("{:>10.0}", Distribution::of((0..turns).map(|_| turn())).median());
}
