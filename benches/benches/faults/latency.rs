//! How long do annotated calls take, and do their spans arrive?

use std::thread;
use std::time::{Duration, Instant};

use otel_benches::{Distribution, progress};

use crate::service::{End, Service};
use crate::trouble::{Rounds, Trouble};

/// From a round to the next: 2,000 calls a second, far less than a healthy backend takes.
const PACE: Duration = Duration::from_millis(500);
const ROUNDS_A_SECOND: usize = 2;

/// How often the bench says how far it is.
const ROUNDS_A_STEP: usize = 10 * ROUNDS_A_SECOND;

/// The two figures of each service.
type Round = [[f64; 2]; Trouble::ALL.len()];

/// What a median may be of that with a healthy backend, and what the slowest calls may be.
const TARGETS: [(&str, f64); 2] = [("median call", 1.1), ("99th percentile", 1.5)];

/// Compares, with an outage of so many seconds, and returns whether everything arrived that should.
pub(crate) fn compare(seconds: usize) -> bool {
    let begin = 3 * ROUNDS_A_SECOND;
    let end = begin + seconds * ROUNDS_A_SECOND;
    // After a long outage, the next attempt is made within half a minute.
    let rounds = Rounds { begin, end, all: end + (seconds / 2 + 4) * ROUNDS_A_SECOND };
    let (measured, ends) = run(rounds);
    for (figure, (what, target)) in TARGETS.into_iter().enumerate() {
        println!("{what}, blocks of 1,000 calls, target x {target}\n");
        println!("{:<16}{:>12}{:>12}{:>16}", "", "ns/call", "x healthy", "middle 80 %");
        for (index, trouble) in Trouble::ALL.into_iter().enumerate() {
            let values = Distribution::of(measured.iter().map(|round| round[index][figure]));
            let ratios = measured.iter().map(|round| round[index][figure] / round[0][figure]);
            let ratios = Distribution::of(ratios);
            let (value, ratio, middle) = (values.median(), ratios.median(), ratios.middle());
            println!("{trouble:<16}{value:>12.0}{ratio:>12.3}{middle:>16}");
        }
        println!();
    }
    println!("spans, with an outage of {seconds} s\n");
    println!(
        "{:<16}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "", "ended", "in time", "arrived", "held", "dropped", "lost", "retried"
    );
    let told: Vec<bool> = Trouble::ALL.into_iter().zip(ends).map(tell).collect();
    told.into_iter().all(|well| well)
}

/// All rounds since the trouble began, and what became of the spans.
fn run(rounds: Rounds) -> (Vec<Round>, [End; Trouble::ALL.len()]) {
    let mut services = Trouble::ALL.map(|trouble| Service::start(trouble, rounds));
    let count = services.len();
    let started = Instant::now();
    let mut measured = Vec::new();
    let mut due = started;
    for round in 0..rounds.all {
        if round.is_multiple_of(ROUNDS_A_STEP) {
            let seconds = [round, rounds.all].map(|rounds| rounds / ROUNDS_A_SECOND);
            progress::step("seconds of calls", seconds[0], seconds[1]);
        }
        due += PACE;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let mut figures = [[0.0; 2]; Trouble::ALL.len()];
        for turn in 0..count {
            // Nobody always runs behind the same one.
            let turn = (turn + round) % count;
            let who = if round % 2 == 0 { turn } else { count - 1 - turn };
            if round > 0 {
                services[who].prepare(round, rounds);
            }
            figures[who] = services[who].turn();
        }
        if round >= rounds.begin {
            measured.push(figures);
        }
    }
    (measured, services.map(|service| service.end(rounds)))
}

/// Prints what became of the spans, and returns whether that is as it should be.
fn tell((trouble, end): (Trouble, End)) -> bool {
    let End { ended, exported, held, dropped, retried, arrived, before } = end;
    // What could not arrive is still held.
    let lost = ended - held - arrived.min(ended - held);
    println!(
        "{trouble:<16}{ended:>10}{before:>10}{arrived:>10}{held:>10}{dropped:>10}{lost:>10}\
         {retried:>10}"
    );
    let adds_up = ended == exported + held + dropped;
    adds_up && dropped == 0 && lost == 0 && (held == 0 || !trouble.ends())
}
