//! Records a given number of trees that arrive nowhere, for something that counts instructions.
//!
//! `sampled_call CONTENDER SCENARIO TREES BATCHES`, the others by their index.

use std::process;

use otel_benches::{Batches, Contender, Export, Scenario, Transport};

/// Nobody listens there.
const PORT: u16 = 9;

fn main() {
    let arguments: Vec<usize> = std::env::args()
        .skip(1)
        .map(|argument| {
            argument.parse().expect("usage: sampled_call CONTENDER SCENARIO TREES BATCHES")
        })
        .collect();
    let (contender, scenario) = (Contender::ALL[arguments[0]], Scenario::ALL[arguments[1]]);
    let export =
        Export { transport: Transport::Http, port: PORT, batches: Batches::COUNTED[arguments[3]] };
    let _installed = contender.install(Some(&export));
    let _parent = scenario.attach_parent();
    // What is set up once is not counted.
    contender.grow(scenario.tree());
    measured(contender, scenario, arguments[2]);
    // Whatever is held would be sent.
    process::exit(0);
}

/// What is counted.
#[inline(never)]
fn measured(contender: Contender, scenario: Scenario, trees: usize) {
    for _ in 0..trees {
        contender.grow(scenario.tree());
    }
}
