//! How is a random function made again, and smaller?
//!
//! It is made by choices among few, of which the first is the simplest. Their numbers are the function:
//! with some of them left out or made 0, they are another function that is as valid, and mostly smaller.

use fastrand::Rng;

/// Where choices come from, and which were made.
pub(super) struct Choices {
    source: Source,
    made: Vec<u32>,
}

enum Source {
    Random(Rng),
    /// Past its end, the first of each is chosen.
    Given(Vec<u32>),
}

impl Choices {
    pub(super) fn random(seed: u64) -> Choices {
        Choices { source: Source::Random(Rng::with_seed(seed)), made: Vec::new() }
    }

    pub(super) fn given(choices: Vec<u32>) -> Choices {
        Choices { source: Source::Given(choices), made: Vec::new() }
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = u32::try_from(bound).expect("a choice among few");
        let choice = match &mut self.source {
            Source::Random(random) => random.u32(..bound),
            Source::Given(given) => given.get(self.made.len()).map_or(0, |choice| choice % bound),
        };
        self.made.push(choice);
        choice as usize
    }

    pub(super) fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// `true` once in `times`.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) + 1 == times
    }

    pub(super) fn made(self) -> Vec<u32> {
        self.made
    }
}

/// What is to be tried in place of `choices`, the smallest first.
pub(super) fn smaller(choices: &[u32]) -> Vec<Vec<u32>> {
    let mut all = Vec::new();
    let mut length = choices.len().div_ceil(2);
    while length > 0 {
        for start in (0..choices.len()).step_by(length) {
            let end = (start + length).min(choices.len());
            all.push([&choices[..start], &choices[end..]].concat());
            if choices[start..end].iter().any(|choice| *choice > 0) {
                let zeros = vec![0; end - start];
                all.push([&choices[..start], &zeros, &choices[end..]].concat());
            }
        }
        length /= 2;
    }
    all.sort_by_key(Vec::len);
    all
}
