//! What is decided about both tiers?

use std::time::Duration;

use super::resolver::Resolver;
use super::sizing::{Size, Traffic};
use super::strategy::Strategy;
use crate::sampling::tail::TailPolicy;

/// What [`TwoTiers`](super::TwoTiers) was told.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of the Collector's")]
pub(super) struct Settings {
    pub(super) policy: TailPolicy,
    pub(super) resolver: Resolver,
    pub(super) traffic: Traffic,
    pub(super) instances: Option<u32>,
    pub(super) decision_wait: Duration,
    pub(super) decision_wait_after_root: Duration,
    pub(super) num_traces: Option<u64>,
    pub(super) decision_cache: Option<(u64, u64)>,
    pub(super) strategy: Strategy,
    pub(super) shards: u32,
    pub(super) blocks_on_overflow: bool,
    pub(super) drops_pending_on_shutdown: bool,
    pub(super) largest_trace: (u64, u64),
    pub(super) memory_mib: Option<u64>,
    pub(super) queue: u64,
    pub(super) listen: (String, String),
    pub(super) tls_between: bool,
    pub(super) backend: String,
    pub(super) has_metrics: bool,
}

impl Settings {
    pub(super) fn size(&self) -> Size {
        self.traffic.size(self.decision_wait)
    }

    /// How many instances the second tier has.
    pub(super) fn of_second(&self) -> u32 {
        let known = self.resolver.known().and_then(|known| u32::try_from(known).ok());
        self.instances.or(known).unwrap_or_else(|| self.size().instances).max(1)
    }
}
