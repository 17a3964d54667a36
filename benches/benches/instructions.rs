//! How many instructions does an annotated call take while tracing is off?
//!
//! `cargo bench -p otel-benches --bench instructions`, with valgrind installed. Fails over the limit.
//! Counts do not depend on what else the machine does: twice the calls less the calls is exact.

use std::process::{Command, ExitCode};

use otel_benches::off::PAIRS;

const CALLS: u32 = 10_000;

fn main() -> ExitCode {
    println!("instructions a call, tracing off\n");
    println!("{:<12}{:>8}{:>10}{:>8}{:>10}", "", "plain", "#[traced]", "more", "at most");
    let mut within = true;
    for pair in PAIRS {
        let plain = a_call(pair.name, "plain");
        let traced = a_call(pair.name, "traced");
        let more = traced - plain;
        println!("{:<12}{plain:>8.1}{traced:>10.1}{more:>8.1}{:>10}", pair.name, pair.more);
        within &= more <= f64::from(pair.more);
    }
    if within {
        ExitCode::SUCCESS
    } else {
        eprintln!("\ntoo many instructions");
        ExitCode::FAILURE
    }
}

fn a_call(name: &str, variant: &str) -> f64 {
    let more = instructions(name, variant, 2 * CALLS) - instructions(name, variant, CALLS);
    more / f64::from(CALLS)
}

fn instructions(name: &str, variant: &str, calls: u32) -> f64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        // Before it, crates calibrate their clocks, and take their time.
        .arg("--toggle-collect=off_call::main")
        .args([env!("CARGO_BIN_EXE_off_call"), name, variant, &calls.to_string()])
        .output()
        .expect("valgrind is installed");
    let report = String::from_utf8_lossy(&output.stderr);
    let collected = report.lines().find_map(|line| line.split_once("Collected : "));
    let (_, count) = collected.unwrap_or_else(|| panic!("callgrind counted nothing:\n{report}"));
    count.trim().parse().expect("a count is a number")
}
