//! What does a span cost, beside code written by hand and beside the peers?
//!
//! `cargo bench -p otel-benches --bench spans [-- [--quick] [--only HTTP] [--chart docs/cost.svg]]`, on
//! Linux. A chart's path begins at the root of the repository; `--only` takes a part of the names of
//! scenarios.
//!
//! Every contender runs in a process of its own, since a process has one recorder, and sends what it
//! records to a receiver in another, which counts it: a lost span ends the bench. They take turns of
//! about a millisecond, and a turn is compared with that of the code written by hand in the same
//! round: what the machine does besides then meets both. Processes are started anew several times,
//! since each has its own luck with the addresses of its memory. Times are those of the processor; a
//! turn ends with a flush, so that no queue overflows and everybody sends as much at once.

mod allocations;
mod chart;
mod comparison;
mod contest;

use std::env;
use std::path::{Path, PathBuf};

use comparison::{Comparison, Subject};
use contest::{Effort, Round};
use otel_benches::{Contender, Scenario};

/// Each scenario has two figures, in this order.
const CALLING_THREAD: usize = 0;
const PROCESS: usize = 1;

/// Where two threads are compared, they are these.
const ALONE: usize = 0;
const TWO: usize = 1;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let effort = if quick { Effort::QUICK } else { Effort::FULL };
    let only = after(&arguments, "--only").unwrap_or_default();
    let wanted = |scenario: &Scenario| scenario.to_string().contains(only);
    let mut shown = Vec::new();
    for scenario in Scenario::ALL.into_iter().filter(wanted) {
        let rounds = contest::hold(scenario, effort);
        let comparisons = figures(scenario).iter().map(|(what, figure)| {
            Comparison::of(Subject { what, unit: "ns/span", scenario }, &rounds, *figure)
        });
        let comparisons: Vec<Comparison> = comparisons.collect();
        comparisons.iter().for_each(Comparison::print);
        // Off, there is nothing written by hand to compare with.
        if scenario.export(0).is_some() {
            shown.extend(comparisons);
        }
        if scenario == Scenario::TwoThreads {
            print_threads(&rounds);
        }
    }
    for scenario in [Scenario::SyncHttp, Scenario::AsyncHttp].into_iter().filter(wanted) {
        let comparisons = allocations::compare(scenario);
        comparisons.iter().for_each(Comparison::print);
        shown.extend(comparisons);
    }
    if let Some(path) = chart(&arguments) {
        std::fs::write(&path, chart::draw(&shown)).expect("the chart can be written");
    }
}

/// What is told of a scenario.
fn figures(scenario: Scenario) -> &'static [(&'static str, usize)] {
    match scenario {
        Scenario::SyncHttp | Scenario::AsyncHttp => {
            &[("calling thread", CALLING_THREAD), ("all CPU", PROCESS)]
        }
        // The calling thread does the same whatever the transport.
        Scenario::SyncGrpc | Scenario::AsyncGrpc => &[("all CPU", PROCESS)],
        Scenario::TwoThreads => &[],
        Scenario::Unsampled | Scenario::SyncOff | Scenario::AsyncOff => {
            &[("calling thread", CALLING_THREAD)]
        }
    }
}

/// What a span costs each of two threads, compared with one alone.
fn print_threads(rounds: &[Round]) {
    println!("{}\n", Scenario::TwoThreads);
    println!("{:<12}{:>12}{:>12}{:>12}{:>16}", "", "ns alone", "ns each", "x alone", "middle 80 %");
    for contender in Contender::ALL {
        let of = |figure: usize| {
            comparison::distribution(rounds, move |round| round[contender as usize][figure])
        };
        let ratios = comparison::distribution(rounds, |round| {
            let times = round[contender as usize];
            times[TWO] / times[ALONE]
        });
        let (alone, two, ratio) = (of(ALONE).median(), of(TWO).median(), ratios.median());
        println!("{contender:<12}{alone:>12.1}{two:>12.1}{ratio:>12.3}{:>16}", ratios.middle());
    }
    println!();
}

/// Where the chart goes, if one is wanted.
fn chart(arguments: &[String]) -> Option<PathBuf> {
    let path = after(arguments, "--chart")?;
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path))
}

/// What follows an option.
fn after<'a>(arguments: &'a [String], option: &str) -> Option<&'a str> {
    let at = arguments.iter().position(|argument| argument == option)?;
    Some(arguments.get(at + 1).unwrap_or_else(|| panic!("{option} needs a value")))
}
