//! What does a span cost under each sampler?

use otel_benches::samplers::{DROPPING, KEEPING, Measured};
use otel_benches::{Distribution, Process, number};

/// Which samplers, by their index: those whose cost a whole span is to show.
const DROPPED: [usize; 6] = [2, 3, 5, 8, 10, 12];
const KEPT: [usize; 4] = [1, 3, 4, 5];

pub(crate) fn print(starts: usize, turns: usize) {
    println!("ns a span of an annotated function, on the calling thread\n");
    println!("{:<38}{:>8}{:>8}{:>8}{:>8}", "", "root", "more", "child", "more");
    table(DROPPING, 0, &DROPPED, starts, turns);
    println!();
    table(KEEPING, 1, &KEPT, starts, turns);
}

/// Each has a process of its own; `more` is beside the first.
fn table(samplers: &[Measured], list: usize, chosen: &[usize], starts: usize, turns: usize) {
    let mut taken: Vec<Vec<[f64; 2]>> = chosen.iter().map(|_| Vec::new()).collect();
    for _ in 0..starts {
        let mut running: Vec<_> = chosen
            .iter()
            .map(|at| Process::start(env!("CARGO_BIN_EXE_sampled_span"), &[list, *at]))
            .collect();
        for _ in 0..turns {
            for (process, taken) in running.iter_mut().zip(&mut taken) {
                let answer = process.ask();
                let (root, child) = answer.split_once(' ').expect("two numbers");
                taken.push([number(root), number(child)]);
            }
        }
    }
    let median = |taken: &[[f64; 2]], which: usize| {
        Distribution::of(taken.iter().map(|turn| turn[which])).median()
    };
    let [root, child] = [0, 1].map(|which| median(&taken[0], which));
    for (at, taken) in chosen.iter().zip(&taken) {
        let [of_root, of_child] = [0, 1].map(|which| median(taken, which));
        println!(
            "{:<38}{of_root:>8.0}{:>8.0}{of_child:>8.0}{:>8.0}",
            samplers[*at].name,
            of_root - root,
            of_child - child
        );
    }
}
