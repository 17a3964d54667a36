//! How does a service with a backend of its own run?

use std::array;

use otel_benches::{Process, Receiver, number};

use crate::trouble::{Rounds, Trouble};

/// How many seconds a flush may take: more than anybody waits before the next attempt, and then what it
/// takes to send all.
const PATIENCE: u64 = 60;

pub(crate) struct Service {
    trouble: Trouble,
    process: Process,
    receiver: Receiver,
}

/// What became of the spans.
pub(crate) struct End {
    pub(crate) ended: u64,
    pub(crate) exported: u64,
    pub(crate) held: u64,
    pub(crate) dropped: u64,
    pub(crate) retried: u64,
    /// By the receiver's count.
    pub(crate) arrived: u64,
    /// What had arrived before the last flush.
    pub(crate) before: u64,
}

impl Service {
    pub(crate) fn start(trouble: Trouble, rounds: Rounds) -> Service {
        let mut receiver = Receiver::start(env!("CARGO_BIN_EXE_receiver"));
        if let Some(backend) = trouble.change(0, rounds) {
            receiver.behave(backend);
        }
        let arguments = [&[receiver.port()], trouble.arguments()].concat();
        let process = Process::start(env!("CARGO_BIN_EXE_service"), &arguments);
        let mut service = Service { trouble, process, receiver };
        // The first is for the caches, and to connect.
        service.turn();
        service
    }

    pub(crate) fn prepare(&mut self, round: usize, rounds: Rounds) {
        if let Some(backend) = self.trouble.change(round, rounds) {
            self.receiver.behave(backend);
        }
    }

    /// The two figures of a block of calls.
    pub(crate) fn turn(&mut self) -> [f64; 2] {
        numbers(&self.process.ask())
    }

    pub(crate) fn end(mut self, rounds: Rounds) -> End {
        let before = self.receiver.spans();
        self.prepare(rounds.all, rounds);
        let patience = if self.trouble.ends() { PATIENCE } else { 1 };
        let answer = self.process.tell(&patience.to_string());
        let [ended, exported, held, dropped, retried] = numbers(&answer);
        let arrived = self.receiver.spans();
        End { ended, exported, held, dropped, retried, arrived, before }
    }
}

pub(crate) fn numbers<N: std::str::FromStr, const COUNT: usize>(line: &str) -> [N; COUNT] {
    let mut fields = line.split_whitespace();
    array::from_fn(|_| number(fields.next().unwrap_or_default()))
}
