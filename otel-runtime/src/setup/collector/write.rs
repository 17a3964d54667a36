//! How are both tiers written?

use std::time::Duration;

use super::error::Mistakes;
use super::policies::{Tier, has_rate, has_ratio, policies};
use super::settings::Settings;
use super::strategy::Strategy;
use super::yaml::Yaml;

const GATE: &str = "processor.tailsamplingprocessor.usetracestate";
/// The Collector refuses more.
const MOST_SHARDS: u32 = 256;

impl Settings {
    pub(super) fn check(&self, mistakes: &mut Mistakes) {
        let numbers = [
            ("instances", self.instances.map(u64::from)),
            ("num_traces", self.num_traces),
            ("memory_mib", self.memory_mib),
            ("queue", Some(self.queue)),
            ("shards", Some(self.shards.into())),
            ("largest_trace", Some(self.largest_trace.0.min(self.largest_trace.1))),
        ];
        for (field, number) in numbers {
            if number == Some(0) {
                mistakes.wrong(field, "write a number of more than 0");
            }
        }
        if self.shards > MOST_SHARDS {
            mistakes.wrong("shards", "write a number from 1 to 256");
        }
        if self.decision_wait < Duration::from_secs(1) {
            mistakes
                .wrong("decision_wait", "write a second or more: it looks at traces once a second");
        }
        if !self.traffic.is_some() {
            mistakes.wrong("traffic", "write numbers of more than 0");
        }
        let (first, second) = &self.listen;
        for (field, address) in [("listen.first", first), ("listen.second", second)] {
            if !address.contains(':') {
                mistakes.wrong(field, "write an address with a port, such as 0.0.0.0:4317");
            }
        }
        if self.backend.trim().is_empty() {
            mistakes.wrong("backend", "write where traces go, such as http://tempo:4317");
        }
    }

    /// Takes spans in, and shares traces out.
    pub(super) fn first(&self, mistakes: &mut Mistakes) -> Yaml {
        let tls = Yaml::map([("insecure", Yaml::Bool(!self.tls_between))]);
        let off = || Yaml::map([("enabled", Yaml::Bool(false))]);
        let otlp = Yaml::map([
            ("timeout", Yaml::text("5s").into()),
            ("tls", tls.into()),
            ("sending_queue", off().told(["What waits here for an address that leaves is lost."])),
            ("retry_on_failure", off().into()),
        ]);
        let retry = Yaml::map([
            ("enabled", Yaml::Bool(true)),
            ("initial_interval", Yaml::text("1s")),
            ("max_interval", Yaml::text("10s")),
            ("max_elapsed_time", Yaml::text("10m")),
        ]);
        let queue = Yaml::map([
            ("enabled", Yaml::Bool(true)),
            ("num_consumers", Yaml::Number(10)),
            ("queue_size", Yaml::Number(self.queue)),
        ]);
        let balancing = Yaml::map([
            ("routing_key", Yaml::text("traceID").into()),
            (
                "sending_queue",
                queue.told([
                    "Both are off by default. Here they outlive an instance of the second tier: what could not be",
                    "sent is shared out anew among those that are there.",
                ]),
            ),
            ("retry_on_failure", retry.into()),
            ("timeout", Yaml::text("10s").into()),
            ("protocol", Yaml::map([("otlp", otlp)]).into()),
            ("resolver", self.resolver.yaml(mistakes).into()),
        ]);
        let (first, _) = &self.listen;
        let mut protocols = vec![("grpc", endpoint(first))];
        if first == "0.0.0.0:4317" {
            protocols.push(("http", endpoint("0.0.0.0:4318")));
        }
        let memory = memory(512);
        Yaml::map([
            ("receivers", Yaml::map([("otlp", Yaml::map([("protocols", Yaml::map(protocols))]))])),
            ("processors", Yaml::map([("memory_limiter", memory)])),
            ("exporters", Yaml::map([("load_balancing", balancing)])),
            ("service", self.service(&["memory_limiter"], "load_balancing")),
        ])
    }

    /// Decides, and sends what is kept.
    pub(super) fn second(&self, mistakes: &mut Mistakes) -> Yaml {
        let (_, second) = &self.listen;
        let otlp = Yaml::map([("protocols", Yaml::map([("grpc", endpoint(second))]))]);
        let memory = memory(self.memory_mib.unwrap_or(self.size().memory_mib));
        let backend = match self.backend.strip_prefix("http://") {
            Some(endpoint) => Yaml::map([
                ("endpoint", Yaml::Expanded(endpoint.to_owned())),
                ("tls", Yaml::map([("insecure", Yaml::Bool(true))])),
            ]),
            None => Yaml::map([("endpoint", Yaml::Expanded(self.backend.clone()))]),
        };
        let processors = ["memory_limiter", "tail_sampling", "batch"];
        Yaml::map([
            ("receivers", Yaml::map([("otlp", otlp)])),
            (
                "processors",
                Yaml::map([
                    ("memory_limiter", memory),
                    ("tail_sampling", self.tail_sampling(mistakes)),
                    ("batch", Yaml::Map(Vec::new())),
                ]),
            ),
            ("exporters", Yaml::map([("otlp_grpc", backend)])),
            ("service", self.service(&processors, "otlp_grpc")),
        ])
    }

    fn tail_sampling(&self, mistakes: &mut Mistakes) -> Yaml {
        let instances = self.of_second();
        let num_traces = self.num_traces.unwrap_or(self.size().num_traces);
        let (kept, dropped) = self.decision_cache.unwrap_or((10 * num_traces, 10 * num_traces));
        let tier = Tier {
            instances,
            shards: self.shards,
            strategy: self.strategy,
            largest_trace: self.largest_trace,
        };
        let strategy = match self.strategy {
            Strategy::TraceComplete => "trace-complete",
            Strategy::SpanIngest => "span-ingest",
        };
        let mut told = vec![self.policy.to_string()];
        if has_ratio(&self.policy) {
            told.push(format!(
                "A ratio keeps as many traces as said, but by a hash of its own. The same traces as elsewhere, by \
                 the trace state, are kept with --feature-gates=+{GATE}.",
            ));
        }
        let cache = Yaml::map([
            ("sampled_cache_size", Yaml::Number(kept)),
            ("non_sampled_cache_size", Yaml::Number(dropped)),
        ]);
        let first_match = "A rate is for traces that no rule before has kept.";
        let mut entries = vec![
            ("decision_wait", Yaml::time(self.decision_wait).into()),
            ("num_traces", Yaml::Number(num_traces).into()),
            ("expected_new_traces_per_sec", Yaml::Number(self.traffic.of_each(instances)).into()),
            ("decision_cache", cache.told(["What comes after the decision follows it."])),
            ("sampling_strategy", strategy.into()),
            ("num_shards", Yaml::Number(self.shards.into()).into()),
            ("block_on_overflow", self.blocks_on_overflow.into()),
            ("drop_pending_traces_on_shutdown", self.drops_pending_on_shutdown.into()),
        ];
        if !self.decision_wait_after_root.is_zero() {
            let wait = Yaml::time(self.decision_wait_after_root);
            entries.push(("decision_wait_after_root_received", wait.into()));
        }
        if has_rate(&self.policy) {
            entries.push(("sample_on_first_match", Yaml::Bool(true).told([first_match])));
        }
        let policies = policies(&self.policy, &tier, mistakes);
        entries.push(("policies", policies.told(told)));
        Yaml::map(entries)
    }

    fn service(&self, processors: &[&str], exporter: &str) -> Yaml {
        let pipeline = Yaml::map([
            ("receivers", Yaml::texts(["otlp"])),
            ("processors", Yaml::texts(processors.iter().copied())),
            ("exporters", Yaml::texts([exporter])),
        ]);
        let pipelines = ("pipelines", Yaml::map([("traces", pipeline)]));
        let none = Yaml::map([("metrics", Yaml::map([("level", Yaml::text("none"))]))]);
        let telemetry = (!self.has_metrics).then_some(("telemetry", none));
        Yaml::map(telemetry.into_iter().chain([pipelines]))
    }
}

/// Refuses spans, which whoever sent them sends again, before memory is full.
fn memory(mib: u64) -> Yaml {
    Yaml::map([
        ("check_interval", Yaml::text("1s")),
        ("limit_mib", Yaml::Number(mib)),
        ("spike_limit_mib", Yaml::Number((mib / 5).max(1))),
    ])
}

fn endpoint(address: &str) -> Yaml {
    Yaml::map([("endpoint", Yaml::Expanded(address.to_owned()))])
}
