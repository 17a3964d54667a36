//! How are two tiers of Collectors asked for?

use std::fmt;
use std::time::Duration;

use super::error::{CollectorError, Mistakes};
use super::resolver::Resolver;
use super::settings::Settings;
use super::sizing::{Size, Traffic};
use super::strategy::Strategy;
use crate::sampling::tail::TailPolicy;

/// Two tiers of OpenTelemetry Collectors that keep what a [`TailPolicy`] keeps, of traces that go through many
/// processes: the first sends all spans of a trace to one instance of the second, which decides.
///
/// Written for the Collector 0.161, with the components of its contrib distribution: `load_balancing`,
/// `tail_sampling`, `memory_limiter`, `batch`. See [the module](super).
#[derive(Clone, Debug)]
#[must_use = "it is written by `exact` or `over_approximate`"]
pub struct TwoTiers(Settings);

/// The configurations of both tiers, as YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configurations {
    first: String,
    second: String,
    widened: Vec<String>,
}

impl Configurations {
    /// The first tier: takes spans in, and shares traces out.
    #[must_use]
    pub fn first(&self) -> &str {
        &self.first
    }

    /// The second tier: decides, and sends what is kept to the backend.
    #[must_use]
    pub fn second(&self) -> &str {
        &self.second
    }

    /// What is kept beside what the policy says, rule by rule. It stands in the second tier as a comment of the rule, too.
    #[must_use]
    pub fn widened(&self) -> &[String] {
        &self.widened
    }
}

/// Both, as one stream of two documents.
impl fmt::Display for Configurations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Configurations { first, second, widened: _ } = self;
        write!(f, "# The first tier\n{first}---\n# The second tier\n{second}")
    }
}

impl TwoTiers {
    /// With this policy, whose second tier is found so.
    pub fn new(policy: TailPolicy, resolver: Resolver) -> Self {
        TwoTiers(Settings {
            policy,
            resolver,
            traffic: Traffic::new(1000.0),
            instances: None,
            decision_wait: Duration::from_secs(30),
            decision_wait_after_root: Duration::ZERO,
            num_traces: None,
            decision_cache: None,
            strategy: Strategy::TraceComplete,
            shards: 1,
            blocks_on_overflow: false,
            drops_pending_on_shutdown: false,
            largest_trace: (10_000, 8 << 20),
            memory_mib: None,
            queue: 10_000,
            listen: ("0.0.0.0:4317".to_owned(), "0.0.0.0:4317".to_owned()),
            tls_between: false,
            backend: "${env:BACKEND}".to_owned(),
            has_metrics: true,
        })
    }

    /// The traffic that memory and numbers are computed for. Default: 1,000 traces a second of 20 spans of 500 bytes.
    pub fn traffic(mut self, traffic: Traffic) -> Self {
        self.0.traffic = traffic;
        self
    }

    /// How many instances the second tier has, among which rates are divided. Default: as many as [`addresses`](Resolver::addresses)
    /// says, or as the traffic needs.
    pub fn instances(mut self, instances: u32) -> Self {
        self.0.instances = Some(instances);
        self
    }

    /// How long a trace waits for its spans, from the first one on: `decision_wait`, more than 0. Default: 30 s. What
    /// comes later follows the decision.
    pub fn decision_wait(mut self, wait: Duration) -> Self {
        self.0.decision_wait = wait;
        self
    }

    /// How long a trace waits once its root has come: `decision_wait_after_root_received`. Default: 0, which means
    /// that the root changes nothing.
    pub fn decision_wait_after_root(mut self, wait: Duration) -> Self {
        self.0.decision_wait_after_root = wait;
        self
    }

    /// How many traces an instance has in memory at most: `num_traces`, more than 0. Default: as the traffic needs,
    /// twice.
    pub fn num_traces(mut self, traces: u64) -> Self {
        self.0.num_traces = Some(traces);
        self
    }

    /// How many decisions are remembered for spans that come later: of traces that were kept, and of those that were
    /// not. Default: ten times `num_traces`, each.
    pub fn decision_cache(mut self, kept: u64, dropped: u64) -> Self {
        self.0.decision_cache = Some((kept, dropped));
        self
    }

    /// When it is decided: `sampling_strategy`.
    pub fn strategy(mut self, strategy: Strategy) -> Self {
        self.0.strategy = strategy;
        self
    }

    /// On how many threads an instance decides: `num_shards`, 1 to 256. Default: 1. Rates are divided among them, and each has
    /// a whole burst.
    pub fn shards(mut self, shards: u32) -> Self {
        self.0.shards = shards;
        self
    }

    /// What becomes of a trace when there are `num_traces` already: `block_on_overflow`. Default: false, the oldest is
    /// dropped before it is decided; true makes the sender wait.
    pub fn block_on_overflow(mut self, blocks: bool) -> Self {
        self.0.blocks_on_overflow = blocks;
        self
    }

    /// Whether traces that wait when an instance ends are dropped: `drop_pending_traces_on_shutdown`. Default: false, they
    /// are decided by what is there.
    pub fn drop_pending_on_shutdown(mut self, drops: bool) -> Self {
        self.0.drops_pending_on_shutdown = drops;
        self
    }

    /// The largest trace that a rate has to let by when it is over-approximated, in spans and in bytes. Default:
    /// 10,000 and 8 MiB.
    pub fn largest_trace(mut self, spans: u64, bytes: u64) -> Self {
        self.0.largest_trace = (spans, bytes);
        self
    }

    /// How much memory an instance of the second tier may take before it refuses spans: the `limit_mib` of its
    /// `memory_limiter`, more than 0. Default: as the traffic needs. A single trace has no bound of its own, since the
    /// Collector would drop it undecided.
    pub fn memory_mib(mut self, mib: u64) -> Self {
        self.0.memory_mib = Some(mib);
        self
    }

    /// How many requests the first tier holds for instances that cannot be reached: the `queue_size` of
    /// `load_balancing`, more than 0. Default: 10,000.
    pub fn queue(mut self, requests: u64) -> Self {
        self.0.queue = requests;
        self
    }

    /// Where the first tier listens, and where the second does, by gRPC. Default: `0.0.0.0:4317` for both; the first takes OTLP
    /// over HTTP at 4318, too, if that is not what is given here.
    pub fn listen(mut self, first: impl Into<String>, second: impl Into<String>) -> Self {
        self.0.listen = (first.into(), second.into());
        self
    }

    /// Whether the first tier speaks TLS to the second. Default: false. The second has to have a certificate, which is
    /// to be added to its receiver.
    pub fn tls_between_tiers(mut self, tls: bool) -> Self {
        self.0.tls_between = tls;
        self
    }

    /// Where the second tier sends what is kept, by gRPC, such as `http://tempo:4317` (without TLS) or `tempo.example:443`.
    /// Default: `${env:BACKEND}`, which the Collector reads from its environment.
    pub fn backend(mut self, endpoint: impl Into<String>) -> Self {
        self.0.backend = endpoint.into();
        self
    }

    /// Whether the Collectors serve metrics of their own, at port 8888. Default: true. With false, several fit on one
    /// machine.
    pub fn own_metrics(mut self, metrics: bool) -> Self {
        self.0.has_metrics = metrics;
        self
    }

    /// Both configurations, which keep what the policy keeps: the same whole traces, but for spans that come after the decision,
    /// and for the share of a ratio, which is as large and has other traces, unless the gate is on that stands in a comment.
    ///
    /// # Errors
    ///
    /// A setting is out of range, or a rule cannot be expressed: a rate that lets traces by that are larger than its
    /// burst, that is no whole number, or that several instances or shards have a burst for; an upper bound of how
    /// long a trace lasts; with [`Strategy::SpanIngest`], what is not true of the first spans alone. The error names all of them.
    pub fn exact(&self) -> Result<Configurations, CollectorError> {
        written(&self.0, Mistakes::default())
    }

    /// Both configurations, which keep at least what the policy keeps. What is kept beside that is said in
    /// [`widened`](Configurations::widened), and as a comment above the rule.
    ///
    /// # Errors
    ///
    /// A setting is out of range, or a rule cannot be expressed even so: it has more than 64 alternatives, drops by an upper
    /// bound of how long a trace lasts, or needs the whole trace where the strategy does not wait for it.
    pub fn over_approximate(&self) -> Result<Configurations, CollectorError> {
        written(&self.0, Mistakes::widening())
    }

    /// What an instance of the second tier takes.
    #[must_use]
    pub fn size(&self) -> Size {
        self.0.size()
    }
}

/// Both configurations, or what is wrong with them.
fn written(settings: &Settings, mut mistakes: Mistakes) -> Result<Configurations, CollectorError> {
    settings.check(&mut mistakes);
    let first = settings.first(&mut mistakes).to_string();
    let second = settings.second(&mut mistakes).to_string();
    let widened = mistakes.finish()?;
    Ok(Configurations { first, second, widened })
}
