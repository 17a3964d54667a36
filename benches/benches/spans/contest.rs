//! How do contenders take turns?

use std::array;

use otel_benches::{Contender, Process, Receiver, Scenario, number, progress};

/// The two figures of each contender.
pub(crate) type Round = [[f64; 2]; Contender::ALL.len()];

/// How much is done.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    /// How often the processes are started.
    starts: usize,
    /// Turns of each process.
    rounds: usize,
}

impl Effort {
    pub(crate) const FULL: Effort = Effort { starts: 8, rounds: 60 };
    pub(crate) const QUICK: Effort = Effort { starts: 3, rounds: 25 };
}

/// All rounds of all starts.
pub(crate) fn hold(scenario: Scenario, effort: Effort) -> Vec<Round> {
    let begin = |at| {
        progress::step(scenario, at, effort.starts);
        start(scenario, effort.rounds)
    };
    (1..=effort.starts).flat_map(begin).collect()
}

fn start(scenario: Scenario, rounds: usize) -> Vec<Round> {
    let mut running = Contender::ALL.map(|contender| Running::start(contender, scenario));
    let count = running.len();
    let rounds = (0..rounds).map(|round| {
        let mut figures = [[0.0; 2]; Contender::ALL.len()];
        for turn in 0..count {
            // Nobody always runs behind the same one.
            let turn = (turn + round) % count;
            let who = if round % 2 == 0 { turn } else { count - 1 - turn };
            figures[who] = running[who].turn();
        }
        figures
    });
    let rounds = rounds.collect();
    running.into_iter().for_each(Running::end);
    rounds
}

/// A contender and its receiver.
struct Running {
    name: Contender,
    contender: Process,
    receiver: Receiver,
    sent: u64,
}

impl Running {
    fn start(name: Contender, scenario: Scenario) -> Running {
        let receiver = Receiver::start(env!("CARGO_BIN_EXE_receiver"));
        let arguments = [name as usize, scenario as usize, receiver.port()];
        let contender = Process::start(env!("CARGO_BIN_EXE_contender"), &arguments);
        let mut running = Running { name, contender, receiver, sent: 0 };
        // The first is for the caches, and to connect.
        running.turn();
        running
    }

    fn turn(&mut self) -> [f64; 2] {
        let answer = self.contender.ask();
        let mut fields = answer.split_whitespace();
        let mut next = || fields.next().unwrap_or_default();
        self.sent += number::<u64>(next());
        array::from_fn(|_| number(next()))
    }

    /// Ends it, if nothing was lost.
    fn end(mut self) {
        assert_eq!(
            self.receiver.spans(),
            self.sent,
            "{}: spans that arrived, and spans that left",
            self.name
        );
    }
}
