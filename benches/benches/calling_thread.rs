//! What does tracing cost the thread that is traced?
//!
//! `cargo bench -p otel-benches --bench calling_thread`
//!
//! Every contender runs in a process of its own, since a process has one recorder. They take turns
//! at short batches, and a batch is compared with that of the code written by hand in the same
//! round: what the machine does besides then meets both. Processes are started anew several times,
//! since each has its own luck with the addresses of its memory.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use otel_benches::{Contender, Scenario};

/// How often the processes are started.
const STARTS: usize = 8;

/// Batches of each process.
const ROUNDS: usize = 50;

/// How long a batch takes, about.
const BATCH: Duration = Duration::from_millis(1);

/// Says that this process is a contender, and which.
const ROLE: &str = "OTEL_BENCHES_ROLE";

fn main() {
    match env::var(ROLE) {
        Ok(role) => contend(&role),
        Err(_) => Scenario::ALL.iter().for_each(|scenario| compare(*scenario)),
    }
}

/// Measures a scenario and prints its table.
fn compare(scenario: Scenario) {
    let rounds: Vec<[f64; Contender::ALL.len()]> =
        (0..STARTS).flat_map(|_| rounds(scenario)).collect();
    let by_hand = Contender::ByHand as usize;
    println!("{scenario}\n");
    println!("{:<12}{:>10}{:>12}{:>16}", "", "ns/span", "x by hand", "middle 80 %");
    for contender in Contender::ALL {
        let own = contender as usize;
        let times = Distribution::of(rounds.iter().map(|times| times[own]));
        let ratios = Distribution::of(rounds.iter().map(|times| times[own] / times[by_hand]));
        let spread = format!("{:.2} - {:.2}", ratios.at(0.1), ratios.at(0.9));
        let (time, ratio) = (times.at(0.5), ratios.at(0.5));
        println!("{contender:<12}{time:>10.1}{ratio:>12.3}{spread:>16}");
    }
    println!();
}

/// Nanoseconds a span of every contender, round for round.
fn rounds(scenario: Scenario) -> Vec<[f64; Contender::ALL.len()]> {
    let mut running = Contender::ALL.map(|contender| Running::start(contender, scenario));
    let rounds = (0..ROUNDS).map(|round| {
        let mut times = [0.0; Contender::ALL.len()];
        for turn in 0..running.len() {
            // Nobody always runs behind the same one.
            let turn = (turn + round) % running.len();
            let who = if round % 2 == 0 { turn } else { running.len() - 1 - turn };
            times[who] = running[who].batch();
        }
        times
    });
    rounds.collect()
}

/// A contender in its process.
struct Running {
    process: Child,
    turns: ChildStdin,
    times: BufReader<ChildStdout>,
}

impl Running {
    fn start(contender: Contender, scenario: Scenario) -> Running {
        let mut process = Command::new(env::current_exe().expect("this program has a path"))
            .env(ROLE, format!("{} {}", contender as usize, scenario as usize))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can start itself");
        let turns = process.stdin.take().expect("its input is a pipe");
        let times = process.stdout.take().expect("its output is a pipe");
        let mut running = Running { process, turns, times: BufReader::new(times) };
        // The first is for the caches.
        running.batch();
        running
    }

    /// Lets it do a batch; returns nanoseconds a span.
    fn batch(&mut self) -> f64 {
        self.turns.write_all(b"\n").expect("the process reads");
        let mut line = String::new();
        self.times.read_line(&mut line).expect("the process writes");
        line.trim().parse().expect("a time is a number")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The life of a contender's process: a batch for every line.
fn contend(role: &str) {
    let role: Vec<usize> =
        role.split(' ').map(|index| index.parse().expect("a role is two numbers")).collect();
    let (contender, scenario) = (Contender::ALL[role[0]], Scenario::ALL[role[1]]);
    contender.install(scenario);
    let _parent = scenario.attach_parent();
    let trees = calibrate(contender, scenario);
    for _ in std::io::stdin().lines() {
        let time = batch(contender, scenario, trees);
        println!("{}", time.as_secs_f64() * 1e9 / f64::from(trees * scenario.spans()));
    }
}

/// How many trees a batch has.
fn calibrate(contender: Contender, scenario: Scenario) -> u32 {
    let mut trees = 1;
    while batch(contender, scenario, trees) < BATCH / 2 {
        trees *= 2;
    }
    trees
}

fn batch(contender: Contender, scenario: Scenario, trees: u32) -> Duration {
    let started = Instant::now();
    for _ in 0..trees {
        contender.tree(scenario);
    }
    let time = started.elapsed();
    contender.settle();
    time
}

/// Values in order.
struct Distribution(Vec<f64>);

impl Distribution {
    fn of(values: impl Iterator<Item = f64>) -> Distribution {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        Distribution(values)
    }

    /// The value that this share of them stays below.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "an index"
    )]
    fn at(&self, share: f64) -> f64 {
        self.0[((self.0.len() - 1) as f64 * share).round() as usize]
    }
}
