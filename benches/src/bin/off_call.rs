//! Calls one function a given number of times, for something that counts instructions.
//!
//! `off_call sync traced 10000`

use std::hint::black_box;

use otel_benches::off::PAIRS;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("usage: off_call NAME plain|traced COUNT");
    let (name, variant, count) = (next(), next(), next());
    let pair = PAIRS.iter().find(|pair| pair.name == name).expect("the name of a pair");
    let call = if variant == "traced" { pair.traced } else { pair.plain };
    for number in 0..count.parse().expect("COUNT is a number") {
        black_box(call(black_box(number)));
    }
}
