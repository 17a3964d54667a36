//! Records a given number of trees and sends none, for something that counts instructions.
//!
//! `sampled_call CONTENDER SCENARIO TREES`, the first two by their index.

use std::process;

use otel_benches::{Batches, Contender, Export, Scenario, Transport};

/// Nobody listens there, and nobody is asked to.
const PORT: u16 = 9;

fn main() {
    let arguments: Vec<usize> = std::env::args()
        .skip(1)
        .map(|argument| argument.parse().expect("usage: sampled_call CONTENDER SCENARIO TREES"))
        .collect();
    let (contender, scenario) = (Contender::ALL[arguments[0]], Scenario::ALL[arguments[1]]);
    let export = Export { transport: Transport::Http, port: PORT, batches: Batches::HELD };
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
