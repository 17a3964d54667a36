//! Which server does a call go to?

use std::net::Ipv6Addr;

use http::uri::Authority;
use http::{HeaderMap, Uri, header};

use crate::call::start::Start;

/// `server.address` and `server.port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// A name or an IP address, without brackets.
    pub(super) host: String,
    pub(super) port: Option<u16>,
}

impl Address {
    /// Where a client sends to. Without a port it is that of the scheme.
    pub(super) fn of_client(uri: &Uri) -> Option<Address> {
        let mut address = of_authority(uri.authority()?)?;
        let of_scheme = match uri.scheme_str() {
            Some("http") => Some(80),
            Some("https") => Some(443),
            _ => None,
        };
        address.port = address.port.or(of_scheme);
        Some(address)
    }

    /// What a client calls the server that it has reached.
    pub(super) fn of_server(uri: &Uri, headers: &HeaderMap) -> Option<Address> {
        if let Some(authority) = uri.authority() {
            return of_authority(authority);
        }
        let mut hosts = headers.get_all(header::HOST).iter();
        let (host, None) = (hosts.next()?, hosts.next()) else { return None };
        of_authority(&Authority::try_from(host.as_bytes()).ok()?)
    }
}

impl Address {
    /// Says it of a span.
    pub(super) fn describe(&self, start: &mut Start) {
        start.value("server.address", &self.host);
        if let Some(port) = self.port {
            start.value("server.port", &port);
        }
    }
}

/// What is invalid is left out, and not guessed.
fn of_authority(authority: &Authority) -> Option<Address> {
    let host = authority.host();
    let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(ip) => ip.parse::<Ipv6Addr>().ok().map(|_| ip)?,
        None => Some(host).filter(|host| is_name(host))?,
    };
    Some(Address { host: host.to_owned(), port: authority.port_u16().filter(|port| *port != 0) })
}

/// As DNS has it, and an underscore, which some networks use.
fn is_name(host: &str) -> bool {
    let is_part_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    (1..=253).contains(&host.len()) && host.bytes().all(is_part_of_name)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn address(host: &str, port: Option<u16>) -> Address {
        Address { host: host.to_owned(), port }
    }

    fn by_host(hosts: &[&str]) -> Option<Address> {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append("host", HeaderValue::from_bytes(host.as_bytes()).expect("allowed"));
        }
        Address::of_server(&Uri::from_static("/shop.Stock/Count"), &headers)
    }

    #[test]
    fn a_server_is_what_its_client_calls_it_and_what_is_invalid_is_left_out() {
        assert_eq!(by_host(&["shop.example:8080"]), Some(address("shop.example", Some(8080))));
        assert_eq!(by_host(&["[2001:db8::1]:8080"]), Some(address("2001:db8::1", Some(8080))));
        assert_eq!(by_host(&["[2001:db8::1]"]), Some(address("2001:db8::1", None)));
        assert_eq!(by_host(&["10.1.2.80"]), Some(address("10.1.2.80", None)));
        assert_eq!(by_host(&["shop.example:"]), Some(address("shop.example", None)));
        assert_eq!(by_host(&["shop.example:99999"]), Some(address("shop.example", None)));
        let long = "a".repeat(10_000);
        for invalid in [":99999", "", "a b", "[2001:db8::1", "[::g]", "é.example", "a/b", &long] {
            assert_eq!(by_host(&[invalid]), None, "{invalid}");
        }
        assert_eq!(by_host(&[]), None);
        assert_eq!(by_host(&["a.example", "b.example"]), None, "nobody knows which is right");

        let uri = Uri::from_static("http://shop.example:50051/shop.Stock/Count");
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("other.example"));
        assert_eq!(Address::of_server(&uri, &headers), Some(address("shop.example", Some(50051))));
    }

    #[test]
    fn a_client_has_the_port_of_its_scheme_where_none_is_written() {
        for (uri, host, port) in [
            ("http://shop.example", "shop.example", Some(80)),
            ("https://shop.example", "shop.example", Some(443)),
            ("https://[2001:db8::1]:50051", "2001:db8::1", Some(50051)),
            ("https://ada:secret@shop.example", "shop.example", Some(443)),
            ("unix://shop", "shop", None),
        ] {
            assert_eq!(
                Address::of_client(&Uri::from_static(uri)),
                Some(address(host, port)),
                "{uri}"
            );
        }
        assert_eq!(Address::of_client(&Uri::from_static("/shop.Stock/Count")), None);
    }
}
