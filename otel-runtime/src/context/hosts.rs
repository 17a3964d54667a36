//! Which hosts does a list name?

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A list of hosts, as of those that baggage may go to.
///
/// | entry | which hosts |
/// | --- | --- |
/// | `api.example.com` | this one, on any port |
/// | `api.example.com:8443` | this one, on this port; 80 and 443 where the URL names none |
/// | `10.0.0.7`, `[2001:db8::1]:8080` | an address, as the URL has it: no name is resolved |
/// | `.example.com` | all below, such as `a.b.example.com`; neither `example.com` nor `badexample.com` |
/// | `private` | those of this machine and this network, see [`Hosts::private`] |
/// | `*` | all |
/// | `none`, alone | none |
///
/// Case does not count, nor does the dot at the end of a full name.
///
/// # Examples
///
/// ```
/// use otel_runtime::context::Hosts;
///
/// let hosts: Hosts = "private, .example.com, partner.example:8443".parse()?;
///
/// assert!(hosts.contains("warehouse", Some(80)));
/// assert!(hosts.contains("API.example.com.", Some(443)));
/// assert!(hosts.contains("partner.example", Some(8443)));
/// assert!(!hosts.contains("partner.example", Some(443)));
/// assert!(!hosts.contains("badexample.com", Some(443)));
/// # Ok::<(), otel_runtime::context::HostsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    All,
    Private,
    /// A suffix, with its leading dot.
    Below(String),
    Host(Host, Option<u16>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Name(String),
    Address(IpAddr),
}

impl Hosts {
    /// All hosts: `*`.
    #[must_use]
    pub fn all() -> Hosts {
        Hosts(vec![Entry::All])
    }

    /// No host.
    #[must_use]
    pub fn none() -> Hosts {
        Hosts::default()
    }

    /// Hosts that are on this machine or in this network by their names or addresses: `private`.
    ///
    /// - addresses for loopback, private networks and links: `127.0.0.0/8`, `10.0.0.0/8`, `172.16.0.0/12`,
    ///   `192.168.0.0/16`, `169.254.0.0/16`, `::1`, `fc00::/7`, `fe80::/10`;
    /// - names without a dot, as `localhost` and those of containers: `warehouse`;
    /// - names below `.localhost`, `.local`, `.internal`, `.svc` (Kubernetes).
    #[must_use]
    pub fn private() -> Hosts {
        Hosts(vec![Entry::Private])
    }

    /// Whether this host is among them. `port` is that of the URL, or else its scheme's.
    #[must_use]
    pub fn contains(&self, host: &str, port: Option<u16>) -> bool {
        match &self.0[..] {
            [] => false,
            [Entry::All] => true,
            entries => {
                let host = Host::of(host);
                entries.iter().any(|entry| entry.matches(&host, port))
            }
        }
    }
}

impl Host {
    fn of(host: &str) -> Host {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        match bare.parse() {
            Ok(address) => Host::Address(canonical(address)),
            Err(_) => Host::Name(bare.strip_suffix('.').unwrap_or(bare).to_ascii_lowercase()),
        }
    }

    fn is_private(&self) -> bool {
        match self {
            Host::Address(IpAddr::V4(address)) => is_private(*address),
            Host::Address(IpAddr::V6(address)) => {
                *address == Ipv6Addr::LOCALHOST
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
            }
            Host::Name(name) => {
                let ends = [".localhost", ".local", ".internal", ".svc"];
                !name.is_empty()
                    && (!name.contains('.') || ends.iter().any(|end| name.ends_with(end)))
            }
        }
    }
}

/// `::ffff:10.0.0.7` is `10.0.0.7`.
fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

fn is_private(address: Ipv4Addr) -> bool {
    address.is_loopback() || address.is_private() || address.is_link_local()
}

impl Entry {
    fn matches(&self, host: &Host, port: Option<u16>) -> bool {
        match (self, host) {
            (Entry::All, _) => true,
            (Entry::Private, host) => host.is_private(),
            (Entry::Below(end), Host::Name(name)) => name.len() > end.len() && name.ends_with(end),
            (Entry::Below(_), Host::Address(_)) => false,
            (Entry::Host(wanted, on), host) => wanted == host && (on.is_none() || *on == port),
        }
    }
}

/// An entry in a list of hosts is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostsError {
    entry: String,
}

impl fmt::Display for HostsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let HostsError { entry } = self;
        write!(
            f,
            "{entry:?} is no host: write a name or an address, with or without a port, such as \
             api.example.com:8443, .example.com for all below, private, or *",
        )
    }
}

impl std::error::Error for HostsError {}

/// Entries separated by commas; `none`, or an empty text, is [`Hosts::none`].
impl FromStr for Hosts {
    type Err = HostsError;

    fn from_str(list: &str) -> Result<Hosts, HostsError> {
        if list.trim().eq_ignore_ascii_case("none") {
            return Ok(Hosts::none());
        }
        let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(entry).collect::<Result<_, _>>().map(Hosts)
    }
}

fn entry(text: &str) -> Result<Entry, HostsError> {
    let refused = || HostsError { entry: text.to_owned() };
    if text == "*" {
        return Ok(Entry::All);
    }
    if text.eq_ignore_ascii_case("private") {
        return Ok(Entry::Private);
    }
    let is_name = |name: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !name.is_empty() && name.bytes().all(is_allowed) && !name.contains("..")
    };
    if let Some(below) = text.strip_prefix('.') {
        let below = below.strip_suffix('.').unwrap_or(below);
        let end = format!(".{}", below.to_ascii_lowercase());
        return if is_name(below) { Ok(Entry::Below(end)) } else { Err(refused()) };
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(Entry::Host(Host::Address(canonical(address)), None));
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().map_err(|_| refused())?)),
        None => (text, None),
    };
    match Host::of(host) {
        Host::Name(name) if !is_name(&name) || host.starts_with('[') => Err(refused()),
        host => Ok(Entry::Host(host, port)),
    }
}

/// As it is written in a list.
impl fmt::Display for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, entry) in self.0.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { "," })?;
            match entry {
                Entry::All => f.write_str("*")?,
                Entry::Private => f.write_str("private")?,
                Entry::Below(end) => f.write_str(end)?,
                Entry::Host(Host::Name(name), None) => f.write_str(name)?,
                Entry::Host(Host::Name(name), Some(port)) => write!(f, "{name}:{port}")?,
                Entry::Host(Host::Address(address), None) => write!(f, "{address}")?,
                Entry::Host(Host::Address(IpAddr::V6(address)), Some(port)) => {
                    write!(f, "[{address}]:{port}")?;
                }
                Entry::Host(Host::Address(address), Some(port)) => write!(f, "{address}:{port}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_hosts_by_name_end_address_and_port() {
        let table = [
            ("api.example.com", "api.example.com", Some(443), true),
            ("api.example.com", "API.EXAMPLE.COM.", Some(8443), true),
            ("api.example.com", "v2.api.example.com", Some(443), false),
            ("api.example.com", "xapi.example.com", Some(443), false),
            ("api.example.com", "api.example.com.evil.test", Some(443), false),
            ("API.example.com.:8443", "api.example.com", Some(8443), true),
            ("api.example.com:8443", "api.example.com", Some(443), false),
            ("api.example.com:443", "api.example.com", None, false),
            (".example.com", "a.example.com", None, true),
            (".example.com", "a.b.Example.com", None, true),
            (".example.com", "example.com", None, false),
            (".example.com", "badexample.com", None, false),
            (".example.com", ".example.com", None, false),
            ("10.0.0.7", "10.0.0.7", Some(1), true),
            ("10.0.0.7", "::ffff:10.0.0.7", Some(1), true),
            ("10.0.0.7", "10.0.0.70", Some(1), false),
            ("[2001:db8::1]:8080", "[2001:DB8:0::1]", Some(8080), true),
            ("[2001:db8::1]:8080", "2001:db8::1", Some(8081), false),
            ("2001:db8::1", "2001:db8::1", Some(8081), true),
            ("*", "anything", None, true),
            ("", "anything", None, false),
            ("a, b ,c", "b", None, true),
            ("a, b ,c", "", None, false),
            (" None ", "none", None, false),
            ("none.example", "none.example", None, true),
        ];
        for (list, host, port, expected) in table {
            let hosts: Hosts = list.parse().expect(list);
            assert_eq!(hosts.contains(host, port), expected, "{list}: {host} {port:?}");
            assert_eq!(hosts.to_string().parse(), Ok(hosts), "{list}");
        }
    }

    #[test]
    fn private_hosts_are_those_of_this_machine_and_network() {
        let private = [
            "localhost",
            "shop.localhost",
            "warehouse",
            "nas.local",
            "db.internal",
            "shop.prod.svc",
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.1.1",
            "[::1]",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.7",
        ];
        let public = [
            "example.com",
            "internal.example.com",
            "local.example",
            "8.8.8.8",
            "172.32.0.1",
            "192.169.1.1",
            "2001:db8::1",
            "::ffff:8.8.8.8",
            "",
            ".",
            "10.0.0.7.nip.io",
            "localhost.example.com",
        ];
        for host in private {
            assert!(Hosts::private().contains(host, None), "{host}");
        }
        for host in public {
            assert!(!Hosts::private().contains(host, None), "{host}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for entry in [
            "https://api.example.com",
            "api.example.com/v1",
            "a b",
            "api.example.com:",
            ":80",
            "api.example.com:99999",
            "..",
            ".",
            "*.example.com",
            "a..b",
            "[::1",
            "é.example",
            "user@host",
        ] {
            let error = format!("a,{entry}").parse::<Hosts>().expect_err(entry);
            assert!(error.to_string().starts_with(&format!("{entry:?} is no host")), "{error}");
        }
    }
}
