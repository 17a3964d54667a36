//! What does a turn take? A contender in a process of its own.
//!
//! `contender CONTENDER SCENARIO PORT`, the first two by their index. Does a turn for every line it
//! reads, and answers with the spans that it sent and two times, in nanoseconds a call: of the calling
//! thread and of all threads, or where two threads are compared, of one alone and of each of two.

use std::io;
use std::sync::{Barrier, mpsc};
use std::thread;
use std::time::Duration;

use otel_benches::{Contender, Installed, Scenario, clock};

/// How long a turn takes where nothing has to be sent, about.
const TURN: Duration = Duration::from_millis(1);

/// How often spans are made and flushed in a turn.
const BATCHES: u32 = 4;

/// How long what a flush leaves to be done may take.
const AFTER_FLUSH: Duration = Duration::from_millis(1);

fn main() {
    let arguments: Vec<usize> = std::env::args()
        .skip(1)
        .map(|argument| argument.parse().expect("usage: contender CONTENDER SCENARIO PORT"))
        .collect();
    let (contender, scenario) = (Contender::ALL[arguments[0]], Scenario::ALL[arguments[1]]);
    let port = u16::try_from(arguments[2]).expect("a port");
    let installed = contender.install(scenario.export(port).as_ref());
    let _parent = scenario.attach_parent();
    let mut turn = Turn { contender, scenario, trees: 1 };
    turn.trees = scenario.paced().unwrap_or_else(|| turn.calibrate());
    if scenario == Scenario::TwoThreads {
        turn.compare_threads(&installed);
    } else {
        turn.compare_all(&installed);
    }
}

#[derive(Clone, Copy)]
struct Turn {
    contender: Contender,
    scenario: Scenario,
    trees: u32,
}

impl Turn {
    fn compare_all(self, installed: &Installed) {
        let batches = if self.scenario.paced().is_some() { BATCHES } else { 1 };
        for _ in io::stdin().lines() {
            let all = clock::of_process();
            let mut own = Duration::ZERO;
            for _ in 0..batches {
                own += self.work();
                installed.flush();
            }
            thread::sleep(AFTER_FLUSH);
            let all = clock::of_process().saturating_sub(all);
            self.answer(batches, own / batches, all / batches);
        }
    }

    fn compare_threads(self, installed: &Installed) {
        let barrier = Barrier::new(2);
        let (ask, asked) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                for () in asked {
                    barrier.wait();
                    tell.send(self.work()).expect("the other thread listens");
                }
            });
            let alone = || {
                let own = self.work();
                installed.flush();
                own
            };
            let two = || {
                ask.send(()).expect("the other thread listens");
                barrier.wait();
                let own = self.work();
                let other = told.recv().expect("the other thread answers");
                installed.flush();
                (own + other) / 2
            };
            for (number, _) in io::stdin().lines().enumerate() {
                // For the caches of both. Then nobody always is the second.
                two();
                let (alone, two) = if number % 2 == 0 {
                    let alone = alone();
                    (alone, two())
                } else {
                    let two = two();
                    (alone(), two)
                };
                self.answer(5, alone, two);
            }
            drop(ask);
        });
    }

    /// The processor time of this thread.
    fn work(self) -> Duration {
        let started = clock::of_thread();
        for _ in 0..self.trees {
            self.contender.grow(self.scenario.tree());
        }
        clock::of_thread().saturating_sub(started)
    }

    /// How many trees a turn has.
    fn calibrate(mut self) -> u32 {
        while self.work() < TURN / 2 {
            self.trees *= 2;
        }
        self.trees
    }

    /// `times`: how often the work was done.
    fn answer(self, times: u32, first: Duration, second: Duration) {
        let calls = f64::from(self.trees * self.scenario.tree().shape.calls());
        let spans = self.scenario.spans(self.contender, self.trees * times);
        let [first, second] = [first, second].map(|time| time.as_secs_f64() * 1e9 / calls);
        println!("{spans} {first} {second}");
    }
}
