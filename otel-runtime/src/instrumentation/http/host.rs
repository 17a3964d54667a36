//! Which host and port does a request name?
//!
//! A host that is missing or invalid is left out, never guessed.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::header::HOST;
use http::{HeaderMap, Uri};

use crate::call::start::Start;

/// The longest name that DNS has.
const MAX_NAME: usize = 253;

/// `server.address` and `server.port`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Server<'a> {
    /// An IPv6 address without its brackets.
    pub(crate) address: &'a str,
    pub(crate) port: Option<u16>,
    /// Whether a port is written, though it may be invalid, as in `shop.example:99999`.
    writes_port: bool,
}

impl<'a> Server<'a> {
    #[cfg(feature = "reqwest")]
    pub(crate) fn new(address: &'a str, port: Option<u16>) -> Server<'a> {
        Server { address, port, writes_port: port.is_some() }
    }

    /// What a `Host` header says, an `:authority` or the like: `shop.example:8080`, `[2001:db8::1]`.
    pub(crate) fn parse(host: &'a str) -> Option<Server<'a>> {
        let (address, port) = if let Some(bracketed) = host.strip_prefix('[') {
            let (address, rest) = bracketed.split_once(']')?;
            address.parse::<Ipv6Addr>().ok()?;
            let port = if rest.is_empty() { "" } else { rest.strip_prefix(':')? };
            (address, port)
        } else {
            name(host)?
        };
        // Anything but digits is user-info, or an IPv6 address without brackets: neither gives a port.
        let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| Server {
            address,
            port: port.parse().ok().filter(|port| *port != 0),
            writes_port: !port.is_empty(),
        })
    }

    /// The server as the client of an incoming request calls it. `None` with two `Host` headers, since either may
    /// be wrong.
    pub(crate) fn of_request(uri: &'a Uri, headers: &'a HeaderMap) -> Option<Server<'a>> {
        if let Some(authority) = uri.authority() {
            return Server::parse_authority(authority.as_str());
        }
        let mut hosts = headers.get_all(HOST).iter();
        let (host, None) = (hosts.next()?, hosts.next()) else { return None };
        Server::parse(host.to_str().ok()?)
    }

    /// The same, where it is known what the one `Host` header says.
    pub(crate) fn asked_for(uri: &'a Uri, host: Option<&'a str>) -> Option<Server<'a>> {
        match uri.authority() {
            Some(authority) => Server::parse_authority(authority.as_str()),
            None => Server::parse(host?),
        }
    }

    /// Parses the authority of a URL, which may have user-info before the host.
    pub(crate) fn parse_authority(authority: &'a str) -> Option<Server<'a>> {
        Server::parse(authority.rsplit_once('@').map_or(authority, |(_, host)| host))
    }

    /// With the default port of `scheme` if none is written: that is the one a client connects to.
    pub(crate) fn or_port_of(self, scheme: Option<&str>) -> Server<'a> {
        let port = if self.writes_port { self.port } else { scheme.and_then(default_port) };
        Server { port, ..self }
    }

    /// Sets both attributes.
    pub(crate) fn set(self, start: &mut Start) {
        start.value("server.address", self.address);
        start.value("server.port", &self.port);
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// The name of a host or its IPv4 address, and what follows behind a colon.
fn name(host: &str) -> Option<(&str, &str)> {
    let bytes = host.as_bytes();
    let end = bytes.iter().position(|byte| !IS_OF_NAME[usize::from(*byte)]);
    let (name, port) = match end {
        None => (host, ""),
        Some(end) => (&host[..end], host[end..].strip_prefix(':')?),
    };
    // No top-level domain is a number, so this is an address.
    let is_numeric = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let looks_like_v4 =
        is_numeric(name.as_bytes().last()?) && name.as_bytes().iter().all(is_numeric);
    let is_valid = name.len() <= MAX_NAME && (!looks_like_v4 || name.parse::<Ipv4Addr>().is_ok());
    is_valid.then_some((name, port))
}

/// For each byte, whether it may stand in a name or an IPv4 address.
const IS_OF_NAME: [bool; 256] = {
    let mut is_of_name = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        is_of_name[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    is_of_name
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_taken_apart_and_what_is_invalid_is_left_out() {
        let long = "a".repeat(MAX_NAME + 1);
        for (host, expected) in [
            ("shop.example", Some(("shop.example", None))),
            ("shop.example:8080", Some(("shop.example", Some(8080)))),
            ("shop.example:", Some(("shop.example", None))),
            ("shop.example:99999", Some(("shop.example", None))),
            ("shop.example:+80", None),
            ("shop.example:0", Some(("shop.example", None))),
            ("shop.example:http", None),
            ("[2001:db8::1]:8080", Some(("2001:db8::1", Some(8080)))),
            ("[2001:db8::1]", Some(("2001:db8::1", None))),
            ("[2001:db8::1]:", Some(("2001:db8::1", None))),
            ("10.0.0.5:80", Some(("10.0.0.5", Some(80)))),
            ("a_b-c.example", Some(("a_b-c.example", None))),
            ("10.0.0.500", None),
            ("2001:db8::1", None),
            ("[2001:db8::1", None),
            ("[2001:db8::1]8080", None),
            ("[shop.example]:80", None),
            (":8080", None),
            (":99999", None),
            ("", None),
            ("shop example", None),
            ("shop.example/path", None),
            ("ada:secret@shop.example", None),
            (&long, None),
        ] {
            let found = Server::parse(host).map(|Server { address, port, .. }| (address, port));
            assert_eq!(found, expected, "{host}");
        }
    }

    #[test]
    fn the_authority_of_a_url_may_have_user_info_before_the_host() {
        let server = Server::parse_authority("ada:se@cret@[::1]:4318").map(|server| server.address);
        assert_eq!(server, Some("::1"));
    }

    #[test]
    fn a_client_knows_the_port_of_a_scheme() {
        let port = |host, scheme| Server::parse(host).and_then(|it| it.or_port_of(scheme).port);
        assert_eq!(port("shop.example", Some("https")), Some(443));
        assert_eq!(port("shop.example", Some("http")), Some(80));
        assert_eq!(port("shop.example:8080", Some("https")), Some(8080));
        assert_eq!(port("shop.example", Some("ftp")), None);
        assert_eq!(port("shop.example", None), None);
        assert_eq!(port("shop.example:", Some("https")), Some(443));
        assert_eq!(port("[2001:db8::1]", Some("https")), Some(443));
        for none in ["shop.example:99999", "shop.example:0", "[2001:db8::1]:99999"] {
            assert_eq!(port(none, Some("https")), None, "{none}: left out, not guessed");
        }
    }
}
