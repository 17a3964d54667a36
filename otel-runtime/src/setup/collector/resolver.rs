//! How does the first tier find the instances of the second?

use std::time::Duration;

use super::error::Mistakes;
use super::yaml::Yaml;

/// How the first tier finds the instances of the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolver(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Static(Vec<String>),
    Dns { hostname: String, port: u16, interval: Duration, timeout: Duration },
    Kubernetes { service: String, ports: Vec<u16>, timeout: Duration },
}

impl Resolver {
    /// These addresses, such as `sampler-1:4317`; without a port, 4317.
    ///
    /// They never change: an instance that goes away leaves its traces to nobody until it is back.
    pub fn addresses<A: Into<String>>(addresses: impl IntoIterator<Item = A>) -> Self {
        Resolver(Kind::Static(addresses.into_iter().map(Into::into).collect()))
    }

    /// All addresses of this host, at this port, looked up every 5 s.
    pub fn dns(hostname: impl Into<String>, port: u16) -> Self {
        let (interval, timeout) = (Duration::from_secs(5), Duration::from_secs(1));
        Resolver(Kind::Dns { hostname: hostname.into(), port, interval, timeout })
    }

    /// The endpoints of this service of Kubernetes, such as `sampler.observability`. The Collector needs to be allowed to list
    /// and watch the service's endpoint slices.
    pub fn kubernetes(service: impl Into<String>, ports: impl IntoIterator<Item = u16>) -> Self {
        let (ports, timeout) = (ports.into_iter().collect(), Duration::from_secs(1));
        Resolver(Kind::Kubernetes { service: service.into(), ports, timeout })
    }

    /// How often a name is looked up; only [`dns`](Resolver::dns) does.
    #[must_use]
    pub fn every(mut self, time: Duration) -> Self {
        if let Kind::Dns { interval, .. } = &mut self.0 {
            *interval = time;
        }
        self
    }

    /// How many instances are known beforehand.
    pub(super) fn known(&self) -> Option<usize> {
        match &self.0 {
            Kind::Static(addresses) => Some(addresses.len()),
            Kind::Dns { .. } | Kind::Kubernetes { .. } => None,
        }
    }

    pub(super) fn yaml(&self, mistakes: &mut Mistakes) -> Yaml {
        match &self.0 {
            Kind::Static(addresses) => {
                if addresses.is_empty() || addresses.iter().any(|it| it.trim().is_empty()) {
                    mistakes
                        .wrong("resolver.addresses", "write at least one, such as sampler-1:4317");
                }
                Yaml::map([("static", Yaml::map([("hostnames", Yaml::texts(addresses))]))])
            }
            Kind::Dns { hostname, port, interval, timeout } => {
                if hostname.trim().is_empty() || *port == 0 {
                    mistakes
                        .wrong("resolver.dns", "write a host and a port, such as sampler and 4317");
                }
                if interval.is_zero() {
                    mistakes.wrong("resolver.every", "write a time of more than 0");
                }
                Yaml::map([(
                    "dns",
                    Yaml::map([
                        ("hostname", Yaml::text(hostname)),
                        // The Collector takes a text here.
                        ("port", Yaml::text(port.to_string())),
                        ("interval", Yaml::time(*interval)),
                        ("timeout", Yaml::time(*timeout)),
                    ]),
                )])
            }
            Kind::Kubernetes { service, ports, timeout } => {
                if service.trim().is_empty() || ports.is_empty() || ports.contains(&0) {
                    let remedy =
                        "write a service and its ports, such as sampler.observability and 4317";
                    mistakes.wrong("resolver.kubernetes", remedy);
                }
                let ports = ports.iter().map(|port| Yaml::Number((*port).into()));
                Yaml::map([(
                    "k8s",
                    Yaml::map([
                        ("service", Yaml::text(service)),
                        ("ports", Yaml::list(ports)),
                        ("timeout", Yaml::time(*timeout)),
                    ]),
                )])
            }
        }
    }
}
