//! How do the rows of a table take turns, and how is one told?

use otel_benches::{Distribution, progress};

/// A row: its name, and a turn, which returns nanoseconds.
pub(crate) type Row<'a> = (&'static str, Box<dyn Fn() -> f64 + 'a>);

/// How often the bench says how far it is.
const ROUNDS_A_STEP: usize = 100;

/// Prints a table, whose first row is what the others are compared with.
pub(crate) fn print(title: &str, rounds: usize, rows: &[Row<'_>]) {
    let count = rows.len();
    // The first is for the caches.
    for (_, turn) in rows {
        turn();
    }
    let rounds: Vec<Vec<f64>> = (0..rounds)
        .map(|round| {
            if round.is_multiple_of(ROUNDS_A_STEP) {
                progress::step(title, round, rounds);
            }
            let mut times = vec![0.0; count];
            for turn in 0..count {
                // Nobody always runs behind the same one.
                let turn = (turn + round) % count;
                let who = if round % 2 == 0 { turn } else { count - 1 - turn };
                times[who] = rows[who].1();
            }
            times
        })
        .collect();

    println!("{title:<44}{:>8}{:>8}{:>8}{:>16}", "ns", "more", "ratio", "middle 80 %");
    for (at, (name, _)) in rows.iter().enumerate() {
        let of = |value: fn(f64, f64) -> f64| {
            Distribution::of(rounds.iter().map(|times| value(times[at], times[0])))
        };
        let (time, more, ratio) =
            (of(|it, _| it), of(|it, first| it - first), of(|it, first| it / first));
        println!(
            "{name:<44}{:>8.1}{:>8.1}{:>8.2}{:>16}",
            time.median(),
            more.median(),
            ratio.median(),
            ratio.middle()
        );
    }
    println!();
}
