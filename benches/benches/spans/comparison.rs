//! How do contenders compare with code written by hand?

use std::fmt;

use otel_benches::{Contender, Distribution, Scenario};

use crate::contest::Round;

/// What is compared, and at what.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) what: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) scenario: Scenario,
}

pub(crate) struct Comparison {
    pub(crate) subject: Subject,
    values: [Distribution; Contender::ALL.len()],
    ratios: [Distribution; Contender::ALL.len()],
}

impl Comparison {
    /// Of one of the figures in these rounds.
    pub(crate) fn of(subject: Subject, rounds: &[Round], figure: usize) -> Comparison {
        let by_hand = Contender::ByHand as usize;
        let values = Contender::ALL
            .map(|contender| distribution(rounds, |round| round[contender as usize][figure]));
        let ratios = Contender::ALL.map(|contender| {
            distribution(rounds, |round| round[contender as usize][figure] / round[by_hand][figure])
        });
        Comparison { subject, values, ratios }
    }

    /// The median of the ratios.
    pub(crate) fn ratio(&self, contender: Contender) -> f64 {
        self.ratios[contender as usize].median()
    }

    pub(crate) fn print(&self) {
        println!("{}\n", self.subject);
        println!("{:<12}{:>12}{:>12}{:>16}", "", self.subject.unit, "x by hand", "middle 80 %");
        for contender in Contender::ALL {
            let (values, ratios) =
                (&self.values[contender as usize], &self.ratios[contender as usize]);
            let (value, ratio) = (values.median(), ratios.median());
            println!("{contender:<12}{value:>12.1}{ratio:>12.3}{:>16}", ratios.middle());
        }
        println!();
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.scenario)
    }
}

pub(crate) fn distribution(rounds: &[Round], value: impl Fn(&Round) -> f64) -> Distribution {
    Distribution::of(rounds.iter().map(value))
}
