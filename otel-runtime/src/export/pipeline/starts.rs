//! Which traces have spans begun on a thread lately?
//!
//! The thread writes them down, and whoever collects reads them, without a lock: a ring with one writer and
//! one reader. A start for which there is no room is remembered by a bit that its trace shares with others.
//!
//! ```text
//!  read          written
//!   ▼               ▼
//! [ a   b   b   c |           ]   room for 1024 starts
//! ```

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use opentelemetry::TraceId;

const ROOM: usize = 1024;

/// So many starts are worth a look by the collector.
const MANY: usize = ROOM / 2;

/// Bits for traces with starts that found no room.
const WORDS: usize = 64;

/// The starts of one thread.
#[derive(Debug)]
pub(super) struct Starts {
    /// Each trace id in two halves.
    ring: Box<[[AtomicU64; 2]]>,
    written: Apart,
    read: Apart,
    missed: Box<[AtomicU64]>,
    has_missed: Apart,
}

/// Shares no cache line with what another thread writes.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Apart(AtomicUsize);

/// Traces of which starts may be missing: those whose bit is set.
#[derive(Clone, Debug, Default)]
pub(super) struct Missed(Option<Box<[u64; WORDS]>>);

impl Default for Starts {
    fn default() -> Self {
        Starts {
            ring: (0..ROOM).map(|_| Default::default()).collect(),
            written: Apart::default(),
            read: Apart::default(),
            missed: (0..WORDS).map(|_| AtomicU64::default()).collect(),
            has_missed: Apart::default(),
        }
    }
}

impl Starts {
    /// Writes down a start; returns whether there are so many that they should be read. Only one thread at a
    /// time calls this.
    #[inline]
    pub(super) fn push(&self, trace: TraceId) -> bool {
        let written = self.written.0.load(Ordering::Relaxed);
        let waiting = written.wrapping_sub(self.read.0.load(Ordering::Acquire));
        if waiting >= ROOM {
            self.miss(trace);
            return false;
        }
        let [high, low] = halves(trace);
        let slot = &self.ring[written % ROOM];
        slot[0].store(high, Ordering::Relaxed);
        slot[1].store(low, Ordering::Relaxed);
        self.written.0.store(written.wrapping_add(1), Ordering::Release);
        waiting + 1 == MANY
    }

    /// Notes that a start, or an end, of this trace is counted nowhere.
    #[cold]
    pub(super) fn miss(&self, trace: TraceId) {
        let (word, bit) = place(trace);
        self.missed[word].fetch_or(bit, Ordering::Relaxed);
        self.has_missed.0.store(1, Ordering::Release);
    }

    /// Reads all starts, and forgets them. Only one thread at a time calls this.
    pub(super) fn take(&self, starts: &mut Vec<TraceId>, missed: &mut Missed) {
        let written = self.written.0.load(Ordering::Acquire);
        let mut read = self.read.0.load(Ordering::Relaxed);
        while read != written {
            let [high, low] = &self.ring[read % ROOM];
            let [high, low] = [high, low].map(|half| u128::from(half.load(Ordering::Relaxed)));
            starts.push(TraceId::from(high << 64 | low));
            read = read.wrapping_add(1);
        }
        self.read.0.store(read, Ordering::Release);
        if self.has_missed.0.load(Ordering::Acquire) != 0 {
            self.has_missed.0.store(0, Ordering::Release);
            let words = missed.0.get_or_insert_with(|| Box::new([0; WORDS]));
            for (word, own) in words.iter_mut().zip(&self.missed) {
                *word |= own.swap(0, Ordering::AcqRel);
            }
        }
    }
}

impl Missed {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn may_have(&self, trace: TraceId) -> bool {
        let (word, bit) = place(trace);
        self.0.as_ref().is_some_and(|words| words[word] & bit != 0)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it is cut into halves")]
fn halves(trace: TraceId) -> [u64; 2] {
    let id = u128::from_be_bytes(trace.to_bytes());
    [(id >> 64) as u64, id as u64]
}

/// The word and the bit of a trace.
fn place(trace: TraceId) -> (usize, u64) {
    let [high, low] = halves(trace);
    // Not all bits of an id need be random.
    let mixed = (high.rotate_left(32) ^ low).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed >> 58) as usize % WORDS, 1 << (mixed >> 52 & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_read_once_in_their_order_and_those_without_room_are_told() {
        let starts = Starts::default();
        let (mut read, mut missed) = (Vec::new(), Missed::default());
        let trace = |id: usize| TraceId::from(id as u128 | 1 << 100);

        let many: Vec<_> = (0..ROOM).filter(|id| starts.push(trace(*id))).collect();
        assert_eq!(many, [MANY - 1]);
        assert!(!starts.push(trace(5000)));
        starts.take(&mut read, &mut missed);
        assert_eq!(read, (0..ROOM).map(trace).collect::<Vec<_>>());
        assert!(missed.may_have(trace(5000)));
        assert!((0..200).filter(|id| missed.may_have(trace(*id))).count() < 20);

        let (mut read, mut missed) = (Vec::new(), Missed::default());
        starts.push(trace(7));
        starts.take(&mut read, &mut missed);
        assert_eq!((read, missed.is_empty()), (vec![trace(7)], true));
    }

    #[test]
    fn a_reader_on_another_thread_gets_every_start() {
        let starts = Starts::default();
        let (mut read, mut missed) = (Vec::new(), Missed::default());
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for id in 1..=20_000_u128 {
                    while starts.written.0.load(Ordering::Relaxed)
                        - starts.read.0.load(Ordering::Relaxed)
                        >= ROOM
                    {
                        std::thread::yield_now();
                    }
                    starts.push(TraceId::from(id));
                }
            });
            while !writer.is_finished() {
                starts.take(&mut read, &mut missed);
            }
        });
        starts.take(&mut read, &mut missed);

        assert!(read.iter().copied().eq((1..=20_000_u128).map(TraceId::from)));
        assert!(missed.is_empty());
    }
}
