//! How much memory do contenders take?

use otel_benches::{Contender, Process, Receiver, Scenario, number};

use crate::comparison::{Comparison, Subject};

/// Allocations, and bytes, of a span on the calling thread. They are the same every time.
pub(crate) fn compare(scenario: Scenario) -> [Comparison; 2] {
    let used = Contender::ALL.map(|contender| {
        let receiver = Receiver::start(env!("CARGO_BIN_EXE_receiver"));
        let arguments = [contender as usize, scenario as usize, receiver.port()];
        let line = Process::start(env!("CARGO_BIN_EXE_allocations"), &arguments).line();
        let (count, bytes) = line.split_once(' ').expect("two numbers");
        [number(count), number(bytes)]
    });
    [("allocations", 0), ("allocated bytes", 1)].map(|(what, figure)| {
        Comparison::of(Subject { what, unit: "a span", scenario }, &[used], figure)
    })
}
