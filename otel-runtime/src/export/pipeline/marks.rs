//! Which flushes and shutdowns wait for what?

use super::staged::Mark;

/// Those that wait.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<Pending>);

#[derive(Debug)]
struct Pending {
    mark: Mark,
    /// Until all traces with smaller numbers are decided.
    decided: u64,
    /// Until so many kept spans were released; not known before all those traces are decided.
    released: Option<u64>,
}

impl Marks {
    pub(super) fn push(&mut self, mark: Mark, decided: u64) {
        self.0.push(Pending { mark, decided, released: None });
    }

    /// Takes out those that wait for nothing more. `oldest` is the number of the oldest trace that is not decided;
    /// of so many kept spans as were `pushed`, so many were `released`.
    pub(super) fn reached(&mut self, oldest: u64, pushed: u64, released: u64) -> Vec<Mark> {
        let is_reached = |it: &mut Pending| {
            if it.released.is_none() && oldest >= it.decided {
                it.released = Some(pushed);
            }
            it.released.is_some_and(|up_to| released >= up_to)
        };
        self.0.extract_if(.., is_reached).map(|it| it.mark).collect()
    }
}
