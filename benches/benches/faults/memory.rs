//! How much memory do spans take that cannot leave?

use otel_benches::{Backend, Process, Receiver, progress};

use crate::service::numbers;

const MIB: usize = 1024 * 1024;

/// What the process may take more than it was told: a request that is on its way, and what the
/// allocator keeps for each of its arenas.
const SLACK: usize = 8 * MIB;

/// What is held without anything being set.
const DEFAULT: usize = 16 * MIB;

const BACKENDS: [(&str, Backend); 2] =
    [("refuses", Backend::Refusing), ("never answers", Backend::Silent)];

/// Floods for so many seconds, and returns whether the memory stayed within what it may be.
pub(crate) fn compare(seconds: usize) -> bool {
    println!("memory, 4 threads, {seconds} s\n");
    println!(
        "{:<24}{:>10}{:>10}{:>10}{:>13}{:>8}{:>13}",
        "", "MiB", "grew by", "at most", "ended", "held", "dropped"
    );
    let told: Vec<bool> = [("16 MiB", 16 * MIB), ("default", 0)]
        .into_iter()
        .zip(1..)
        .flat_map(|((settings, bytes), step)| {
            progress::step(format_args!("memory, {seconds} s, {settings}"), step, 2);
            // The two run at once: memory does not depend on that.
            BACKENDS.map(|(name, backend)| {
                (format!("{settings}, {name}"), bytes, Flood::start(backend, bytes, seconds))
            })
        })
        .map(|(name, bytes, flood)| flood.end(&name, bytes))
        .collect();
    told.into_iter().all(|within| within)
}

/// A flooded service and its backend.
struct Flood {
    process: Process,
    _receiver: Receiver,
}

impl Flood {
    fn start(backend: Backend, bytes: usize, seconds: usize) -> Flood {
        let mut receiver = Receiver::start(env!("CARGO_BIN_EXE_receiver"));
        receiver.behave(backend);
        let program = env!("CARGO_BIN_EXE_flood");
        let process = Process::start(program, &[receiver.port(), bytes, seconds]);
        Flood { process, _receiver: receiver }
    }

    /// Prints what it found, and returns whether that is as it should be.
    fn end(mut self, name: &str, bytes: usize) -> bool {
        let [grown, ended, exported, held, dropped] = numbers::<usize, 5>(&self.process.line());
        let configured = if bytes == 0 { DEFAULT } else { bytes };
        let limit = configured + SLACK;
        println!(
            "{name:<24}{:>10}{:>10.1}{:>10}{ended:>13}{held:>8}{dropped:>13}",
            configured / MIB,
            mebibytes(grown),
            limit / MIB,
        );
        grown <= limit && ended == exported + held + dropped
    }
}

#[expect(clippy::cast_precision_loss, reason = "it is printed with one decimal")]
fn mebibytes(bytes: usize) -> f64 {
    bytes as f64 / MIB as f64
}
