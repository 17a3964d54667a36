//! What does a layer cost a service, by HTTP and by gRPC, beside one that does nothing and those of the peers?
//!
//! `cargo bench -p otel-benches --bench layers [-- --quick]`, on Linux.
//!
//! Each has a process of its own, and a receiver that counts what arrives. They take turns; a turn is a
//! thousand requests answered on the calling thread, and a flush, and is compared with that of the layer
//! that does nothing in the same round. Times are those of the processor. Then, by HTTP, each serves two
//! connections over loopback, one after the other, whose clients are two threads of the bench.

mod load;

use std::env;

use otel_benches::layered::Layered;
use otel_benches::protocol::Protocol;
use otel_benches::{Distribution, Process, Receiver, number, progress};

/// For each layer, the calling thread and all threads.
type Round = Vec<[f64; 2]>;

const FIGURES: [&str; 2] = ["calling thread", "all CPU"];

fn main() {
    let quick = env::args().any(|argument| argument == "--quick");
    let (starts, rounds, seconds) = if quick { (2, 30, 1) } else { (6, 60, 5) };
    for protocol in Protocol::ALL {
        println!("# {protocol:?}\n");
        let (mut turns, mut loads) = (Vec::new(), Vec::new());
        for at in 1..=starts {
            progress::step(format_args!("{protocol:?}"), at, starts);
            let start = |who| Running::start(protocol, who);
            let mut running: Vec<_> = (0..protocol.layered().len()).map(start).collect();
            for round in 0..rounds {
                let mut figures = vec![[0.0; 2]; running.len()];
                for turn in 0..running.len() {
                    // Nobody always runs behind the same one.
                    let who = (turn + round) % running.len();
                    figures[who] = running[who].turn();
                }
                turns.push(figures);
            }
            running.iter_mut().for_each(Running::check);
            if protocol == Protocol::Http {
                let load = |running: &Running| load::requests(running.port, seconds);
                loads.push(running.iter().map(load).collect());
            }
        }
        for (figure, what) in FIGURES.iter().enumerate() {
            print(protocol, what, &turns, figure);
        }
        print_loads(protocol, &loads);
    }
}

/// What each adds to the layer that does nothing, and how that compares with ours.
fn print(protocol: Protocol, what: &str, rounds: &[Round], figure: usize) {
    let added = |round: &Round, who: usize| round[who][figure] - round[0][figure];
    let nothing = Distribution::of(rounds.iter().map(|round| round[0][figure])).median();
    println!("{what}: ns a request, beside {nothing:.0} with a layer that does nothing\n");
    println!("{:<14}{:>10}{:>18}{:>12}", "", "added", "middle 80 %", "ours / it");
    for (who, name) in protocol.layered().iter().enumerate().skip(1) {
        let all = Distribution::of(rounds.iter().map(|round| added(round, who)));
        let ratio =
            Distribution::of(rounds.iter().map(|round| added(round, OURS) / added(round, who)));
        let (median, ratio) = (all.median(), ratio.median());
        println!("{name:<14}{median:>10.0}{:>18}{ratio:>12.3}", all.middle());
    }
    println!();
}

/// The index of [`Layered::Ours`], behind the one that does nothing.
const OURS: usize = 1;

fn print_loads(protocol: Protocol, loads: &[Vec<f64>]) {
    if loads.is_empty() {
        return;
    }
    println!("requests a second, two connections\n");
    println!("{:<14}{:>10}{:>14}", "", "", "x nothing");
    for (who, name) in protocol.layered().iter().enumerate() {
        let all = Distribution::of(loads.iter().map(|loads| loads[who]));
        let ratio = Distribution::of(loads.iter().map(|loads| loads[who] / loads[0]));
        println!("{name:<14}{:>10.0}{:>14.3}", all.median(), ratio.median());
    }
    println!();
}

/// A layer and its receiver.
struct Running {
    name: Layered,
    process: Process,
    port: u16,
    receiver: Receiver,
    sent: u64,
}

impl Running {
    fn start(protocol: Protocol, who: usize) -> Running {
        let name = protocol.layered()[who];
        let receiver = Receiver::start(env!("CARGO_BIN_EXE_receiver"));
        let arguments = [protocol as usize, who, receiver.port()];
        let mut process = Process::start(env!("CARGO_BIN_EXE_layered"), &arguments);
        let port = number(&process.line());
        let mut running = Running { name, process, port, receiver, sent: 0 };
        // The first is for the caches, and to connect.
        running.turn();
        running
    }

    fn turn(&mut self) -> [f64; 2] {
        let answer = self.process.ask();
        let mut fields = answer.split_whitespace();
        let mut next = || fields.next().unwrap_or_default();
        self.sent += number::<u64>(next());
        std::array::from_fn(|_| number(next()))
    }

    /// A lost span ends the bench.
    fn check(&mut self) {
        assert_eq!(self.receiver.spans(), self.sent, "{}: that arrived, and that left", self.name);
    }
}
