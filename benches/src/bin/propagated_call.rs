//! Reads or writes context a given number of times, for something that counts instructions.
//!
//! `propagated_call STOCK WHAT TIMES`: 1 for the propagators of the SDK, 0 for ours; 0 to read, 1 to read where
//! nothing is, 2 to write.

use otel_benches::propagated::{Propagation, headers};
use otel_runtime::context;

fn main() {
    let arguments: Vec<usize> = std::env::args()
        .skip(1)
        .map(|argument| argument.parse().expect("usage: propagated_call STOCK WHAT TIMES"))
        .collect();
    let all = Propagation::install();
    all.assert_same();
    measured(&all, arguments[0] == 1, arguments[1], arguments[2]);
}

/// What is counted.
#[inline(never)]
fn measured(all: &Propagation, stock: bool, what: usize, times: usize) {
    let (incoming, none) = (headers(true), headers(false));
    let caller = context::extract(&incoming);
    for _ in 0..times {
        match (what, stock) {
            (0, false) => drop(context::extract(&incoming)),
            (0, true) => drop(all.stock_extract(&incoming)),
            (1, false) => drop(context::extract(&none)),
            (1, true) => drop(all.stock_extract(&none)),
            (_, false) => drop(all.inject(&caller)),
            (_, true) => drop(all.stock_inject(&caller)),
        }
    }
}
