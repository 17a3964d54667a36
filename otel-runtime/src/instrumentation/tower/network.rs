//! Which addresses are those of a network?

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A network of addresses, such as `10.0.0.0/8`, `2001:db8::/32`, or one address.
///
/// ```
/// use otel_runtime::tower::Network;
///
/// let network: Network = "10.0.0.0/8".parse()?;
/// assert!(network.contains([10, 1, 2, 3].into()));
/// assert!(!network.contains([192, 0, 2, 1].into()));
/// # Ok::<(), otel_runtime::tower::NetworkError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// As IPv6. An IPv4 address is `::ffff:a.b.c.d`, as a socket for both kinds sees it.
    address: u128,
    /// How many bits count, of 128.
    prefix: u32,
}

impl Network {
    /// Whether `address` is in it. An IPv4 address is also found in its form for IPv6, `::ffff:10.1.2.3`.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let differs = self.address ^ bits(address);
        differs.checked_shr(u128::BITS - self.prefix).unwrap_or(0) == 0
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
    .to_bits()
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Network { address: bits(address), prefix: u128::BITS }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let error = || NetworkError(text.to_owned());
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| error())?;
        let (longest, before) = match address {
            IpAddr::V4(_) => (Ipv4Addr::BITS, Ipv6Addr::BITS - Ipv4Addr::BITS),
            IpAddr::V6(_) => (Ipv6Addr::BITS, 0),
        };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().ok().filter(|it| *it <= longest).ok_or_else(error)?,
            None => longest,
        };
        Ok(Network { address: bits(address), prefix: before + prefix })
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv6Addr::from_bits(self.address), self.prefix)
    }
}

/// The text is not a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkError(String);

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no network: write an address and how many of its bits count, such as 10.0.0.0/8 or \
                   2001:db8::/32, or an address alone",
            self.0
        )
    }
}

impl std::error::Error for NetworkError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_the_addresses_whose_first_bits_are_its_own() {
        for (network, address, expected) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.3/8", "10.9.9.9", true),
            ("10.0.0.5", "10.0.0.5", true),
            ("10.0.0.5", "10.0.0.6", false),
            ("0.0.0.0/0", "192.0.2.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "192.0.2.1", true),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::1", "::1", true),
        ] {
            let network: Network = network.parse().expect("a network");
            let address = address.parse().expect("an address");
            assert_eq!(network.contains(address), expected, "{network:?} {address}");
        }
    }

    #[test]
    fn what_is_no_network_is_told_with_the_remedy() {
        for text in ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/-1", "::/129", "proxy"] {
            let error = text.parse::<Network>().expect_err("no network").to_string();
            assert!(error.starts_with(&format!("{text:?} is no network: write")), "{error}");
        }
    }
}
