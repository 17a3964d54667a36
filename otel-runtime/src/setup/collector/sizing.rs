//! How many traces wait in the second tier, and what memory does that take?

use std::time::Duration;

/// The traffic that the second tier is made for.
///
/// ```
/// use std::time::Duration;
/// use otel_runtime::collector::Traffic;
///
/// let size = Traffic::new(5_000.0).spans_per_trace(20).bytes_per_span(500).size(Duration::from_secs(30));
/// assert_eq!((size.instances, size.num_traces, size.memory_mib), (2, 155_000, 3_096));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traffic {
    traces_per_second: f64,
    spans_per_trace: u32,
    bytes_per_span: u32,
    largest_memory_mib: u32,
}

/// What that takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Size {
    /// How many instances of the second tier.
    pub instances: u32,
    /// How many traces each of them has in memory: its `num_traces`.
    pub num_traces: u64,
    /// The `limit_mib` of each.
    pub memory_mib: u64,
}

/// Bytes in memory for one on the wire: what the Collector's structures take, and what waits for the garbage
/// collector.
pub(super) const MEMORY_OF_A_BYTE: f64 = 3.0;
/// For decisions that are remembered, batches and the Collector itself.
const BASE_MIB: f64 = 256.0;
/// How much more traffic may come than was said, for a while.
const MARGIN: f64 = 2.0;
/// Traces are looked at once a second.
const TICK: f64 = 1.0;

impl Traffic {
    /// So many traces a second, in all, of 20 spans of 500 bytes.
    #[must_use]
    pub fn new(traces_per_second: f64) -> Self {
        Traffic {
            traces_per_second,
            spans_per_trace: 20,
            bytes_per_span: 500,
            largest_memory_mib: 4096,
        }
    }

    /// How many spans a trace has on average, over all services.
    #[must_use]
    pub fn spans_per_trace(self, spans: u32) -> Self {
        Traffic { spans_per_trace: spans, ..self }
    }

    /// How many bytes a span takes on the wire on average, before compression.
    #[must_use]
    pub fn bytes_per_span(self, bytes: u32) -> Self {
        Traffic { bytes_per_span: bytes, ..self }
    }

    /// How much memory an instance may take at most; 4096 MiB unless it is said.
    #[must_use]
    pub fn memory_of_an_instance(self, mib: u32) -> Self {
        Traffic { largest_memory_mib: mib, ..self }
    }

    /// What the second tier takes, where each trace waits so long:
    ///
    /// ```text
    /// waiting     = traces a second × (decision wait + 1 s) × 2
    /// num_traces  = waiting / instances
    /// memory_mib  = 256 + num_traces / 2 × spans a trace × bytes a span × 3 / 2²⁰, times 1.25
    /// ```
    ///
    /// The factor 2 is room for twice the traffic in the count of traces; 3 is what a byte on the wire takes in the
    /// Collector's memory with what waits to be collected; 1.25 leaves the memory limiter its soft limit. There are as
    /// few instances as have enough memory.
    #[must_use]
    pub fn size(&self, decision_wait: Duration) -> Size {
        let waiting = self.traces_per_second.max(0.0) * (decision_wait.as_secs_f64() + TICK);
        let bytes = f64::from(self.spans_per_trace) * f64::from(self.bytes_per_span);
        let mib = waiting * bytes * MEMORY_OF_A_BYTE / f64::from(1 << 20);
        let room = (f64::from(self.largest_memory_mib) / 1.25 - BASE_MIB).max(64.0);
        let instances = whole((mib / room).ceil()).clamp(1, 10_000);
        #[expect(clippy::cast_precision_loss, reason = "10,000 at most")]
        let of_each = |all: f64| all / instances as f64;
        Size {
            instances: u32::try_from(instances).unwrap_or(1),
            num_traces: whole((of_each(waiting) * MARGIN).ceil()).max(1000),
            memory_mib: whole(((BASE_MIB + of_each(mib)) * 1.25).ceil()).next_multiple_of(8),
        }
    }

    pub(super) fn is_some(&self) -> bool {
        let Traffic { traces_per_second, spans_per_trace, bytes_per_span, largest_memory_mib } =
            self;
        traces_per_second.is_finite()
            && *traces_per_second > 0.0
            && *spans_per_trace > 0
            && *bytes_per_span > 0
            && *largest_memory_mib > 0
    }

    /// How many new traces each of so many instances gets a second.
    pub(super) fn of_each(&self, instances: u32) -> u64 {
        whole((self.traces_per_second / f64::from(instances.max(1))).ceil())
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
fn whole(number: f64) -> u64 {
    number as u64
}
