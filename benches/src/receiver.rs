//! How does a bench talk with the receiver of its spans?

use crate::backend::Backend;
use crate::process::{Process, number};

/// A receiver in a process of its own. It starts healthy.
#[derive(Debug)]
pub struct Receiver {
    process: Process,
    port: usize,
}

impl Receiver {
    /// Starts the program `receiver`, by its path, which only a bench knows.
    #[must_use]
    pub fn start(program: &str) -> Receiver {
        let mut process = Process::start(program, &[]);
        let port = number(&process.line());
        Receiver { process, port }
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> usize {
        self.port
    }

    /// The spans that it has taken so far.
    #[must_use]
    pub fn spans(&mut self) -> u64 {
        number(&self.process.ask())
    }

    /// From now on it behaves so.
    pub fn behave(&mut self, backend: Backend) {
        self.process.tell(&(backend as usize).to_string());
    }
}
