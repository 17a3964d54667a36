//! How many instructions does an annotated call take, how many a request of a server's layer, and how many the
//! context of a request?
//!
//! `cargo bench -p otel-benches --bench instructions`, with valgrind installed. Fails over a limit.
//! Counts do not depend on what else the machine does: twice the calls less the calls is exact while
//! tracing is off, and nearly so where memory is taken.

use std::process::{Command, ExitCode};

use otel_benches::layered::Layered;
use otel_benches::off::PAIRS;
use otel_benches::{Contender, Scenario};

/// Calls of each function while tracing is off.
const CALLS: u32 = 10_000;

/// What is counted while tracing is on, on the calling thread only.
struct Recorded {
    name: &'static str,
    scenario: Scenario,
    trees: u32,
    /// What `#[traced]` may take of what code written by hand does.
    limit: f64,
}

/// The limits are what was counted last, and a little.
const RECORDED: [Recorded; 3] = [
    Recorded { name: "sync", scenario: Scenario::SyncHttp, trees: 200, limit: 0.85 },
    Recorded { name: "async", scenario: Scenario::AsyncHttp, trees: 200, limit: 1.26 },
    Recorded { name: "unsampled", scenario: Scenario::Unsampled, trees: 10, limit: 0.085 },
];

/// What `#[traced]` may take with a dead backend of what it takes where nothing is sent, by the index of
/// the batches: nobody on the calling thread may notice. Where the queue is full, there is less to do.
const IN_TROUBLE: [(&str, usize, f64); 2] = [("room left", 1, 1.1), ("queue full", 2, 1.1)];

/// What `#[traced]` may take with four exporters of what it takes with one, by the index of the batches.
const SHARED: (usize, f64) = (3, 1.01);

/// Trees that fill the queue, and those that are counted.
const DEAD_TREES: u32 = 300;

/// What the layer for HTTP servers may add to a request, of what a peer's adds.
const LAYERED: [(Layered, f64); 2] = [(Layered::OtelTower, 1.1), (Layered::TowerHttp, 0.8)];

/// What our propagators may take of what those of the SDK take, by the index of what is done.
const PROPAGATED: [(&str, usize, f64); 3] =
    [("extract", 0, 0.75), ("extract none", 1, 0.45), ("inject", 2, 0.55)];

fn main() -> ExitCode {
    let off = off();
    println!();
    let recorded = recorded();
    println!();
    let in_trouble = in_trouble();
    println!();
    let shared = shared();
    println!();
    let layered = layered();
    println!();
    let propagated = propagated();
    if off && recorded && in_trouble && shared && layered && propagated {
        ExitCode::SUCCESS
    } else {
        eprintln!("\ntoo many instructions");
        ExitCode::FAILURE
    }
}

/// Whether what a call takes while tracing is off is within the limits.
fn off() -> bool {
    println!("instructions a call, tracing off\n");
    println!("{:<12}{:>8}{:>10}{:>8}{:>10}", "", "plain", "#[traced]", "more", "at most");
    let mut within = true;
    for pair in PAIRS {
        let [plain, traced] = ["plain", "traced"].map(|variant| {
            let of = |calls: u32| {
                let arguments = [pair.name, variant, &calls.to_string()].map(str::to_owned);
                instructions(env!("CARGO_BIN_EXE_off_call"), "off_call::main", &arguments)
            };
            (of(2 * CALLS) - of(CALLS)) / f64::from(CALLS)
        });
        let more = traced - plain;
        println!("{:<12}{plain:>8.1}{traced:>10.1}{more:>8.1}{:>10}", pair.name, pair.more);
        within &= more <= f64::from(pair.more);
    }
    within
}

/// Whether what a call takes beside code written by hand is within the limits.
fn recorded() -> bool {
    println!("instructions a call on the calling thread, tracing on\n");
    println!("{:<12}{:>8}{:>10}{:>8}{:>10}", "", "by hand", "#[traced]", "x", "at most");
    let mut within = true;
    for Recorded { name, scenario, trees, limit } in RECORDED {
        let [by_hand, traced] = [Contender::ByHand, Contender::Traced]
            .map(|contender| sampled(contender, scenario, trees, 0));
        let ratio = traced / by_hand;
        println!("{name:<12}{by_hand:>8.0}{traced:>10.0}{ratio:>8.3}{limit:>10}");
        within &= ratio <= limit;
    }
    within
}

/// Whether a dead backend stays unnoticed.
fn in_trouble() -> bool {
    println!("instructions a call on the calling thread, dead backend\n");
    println!("{:<12}{:>8}{:>10}{:>8}{:>10}", "", "healthy", "dead", "x", "at most");
    let count = |batches| sampled(Contender::Traced, Scenario::SyncHttp, DEAD_TREES, batches);
    let healthy = count(0);
    let mut within = true;
    for (name, batches, limit) in IN_TROUBLE {
        let dead = count(batches);
        let ratio = dead / healthy;
        println!("{name:<12}{healthy:>8.0}{dead:>10.0}{ratio:>8.3}{limit:>10}");
        within &= ratio <= limit;
    }
    within
}

/// Whether a call takes no more with several exporters than with one.
fn shared() -> bool {
    println!("instructions a call on the calling thread, several exporters\n");
    println!("{:<12}{:>8}{:>10}{:>8}{:>10}", "", "one", "four", "x", "at most");
    let count = |batches| sampled(Contender::Traced, Scenario::SyncHttp, 200, batches);
    let (batches, limit) = SHARED;
    let (one, four) = (count(0), count(batches));
    let ratio = four / one;
    println!("{:<12}{one:>8.0}{four:>10.0}{ratio:>8.3}{limit:>10}", "sync");
    ratio <= limit
}

/// Whether what the layer adds to a request is within the limits.
fn layered() -> bool {
    const REQUESTS: u32 = 500;
    println!(
        "instructions a request on the calling thread, more than with a layer that does nothing\n"
    );
    println!("{:<12}{:>8}{:>10}{:>8}{:>10}", "", "it", "ours", "x", "at most");
    let of = |who: Layered, requests: u32| {
        let arguments = [who as usize, requests as usize].map(|argument| argument.to_string());
        let program = env!("CARGO_BIN_EXE_layered_call");
        instructions(program, "layered_call::measured", &arguments)
    };
    let request = |who| (of(who, 2 * REQUESTS) - of(who, REQUESTS)) / f64::from(REQUESTS);
    let nothing = request(Layered::Nothing);
    let ours = request(Layered::Ours) - nothing;
    let mut within = true;
    for (who, limit) in LAYERED {
        let it = request(who) - nothing;
        let ratio = ours / it;
        println!("{who:<12}{it:>8.0}{ours:>10.0}{ratio:>8.3}{limit:>10}");
        within &= ratio <= limit;
    }
    within
}

/// Whether what our propagators take is within the limits.
fn propagated() -> bool {
    const TIMES: u32 = 200;
    println!("instructions of the context of a request\n");
    println!("{:<12}{:>8}{:>10}{:>8}{:>10}", "", "SDK", "ours", "x", "at most");
    let mut within = true;
    for (name, what, limit) in PROPAGATED {
        let [ours, stock] = [0, 1].map(|stock| {
            let of = |times: u32| {
                let arguments = [stock, what, times as usize].map(|argument| argument.to_string());
                let program = env!("CARGO_BIN_EXE_propagated_call");
                instructions(program, "propagated_call::measured", &arguments)
            };
            (of(2 * TIMES) - of(TIMES)) / f64::from(TIMES)
        });
        let ratio = ours / stock;
        println!("{name:<12}{stock:>8.0}{ours:>10.0}{ratio:>8.3}{limit:>10}");
        within &= ratio <= limit;
    }
    within
}

/// The instructions of a call that is recorded.
fn sampled(contender: Contender, scenario: Scenario, trees: u32, batches: usize) -> f64 {
    let of = |trees: u32| {
        let arguments = [contender as usize, scenario as usize, trees as usize, batches];
        let arguments = arguments.map(|argument| argument.to_string());
        let program = env!("CARGO_BIN_EXE_sampled_call");
        instructions(program, "sampled_call::measured", &arguments)
    };
    let calls = f64::from(trees * scenario.tree().shape.calls());
    (of(2 * trees) - of(trees)) / calls
}

/// The instructions of a thread while it is in a function. Before that, crates calibrate their
/// clocks, and take their time.
fn instructions(program: &str, function: &str, arguments: &[String]) -> f64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(format!("--toggle-collect={function}"))
        .arg(program)
        .args(arguments)
        .output()
        .expect("valgrind is installed");
    let report = String::from_utf8_lossy(&output.stderr);
    let collected = report.lines().find_map(|line| line.split_once("Collected : "));
    let (_, count) = collected.unwrap_or_else(|| panic!("callgrind counted nothing:\n{report}"));
    count.trim().parse().expect("a count is a number")
}
