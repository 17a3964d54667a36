//! Who sent a request that came through proxies, and to which host?
//!
//! Only the peer's address is certain, since anybody can write a header. A trusted proxy adds the address of its
//! own peer at the end of a list, so the list is read from right to left, as long as the addresses are trusted:
//!
//! ```text
//! X-Forwarded-For: 203.0.113.9, 198.51.100.7      peer: 10.0.0.5
//!                  anybody's    told by 10.0.0.5  trusted
//!                               ─────────────── the client: the first from the right that is no proxy
//! ```

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use http::header::{FORWARDED, HeaderName};

use super::network::Network;

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// How many bytes of a header are looked at. No chain of real proxies is longer.
const MAX_BYTES: usize = 8 * 1024;

/// Where a request began, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin<'a> {
    pub(crate) address: Option<IpAddr>,
    /// The scheme that the client used, `http` or `https`, if a proxy says so.
    pub(crate) scheme: Option<&'static str>,
    /// The host that the client named, if a proxy says so.
    pub(crate) host: Option<&'a str>,
}

/// What is known of the sender of a request with these headers from `peer`.
pub(crate) fn origin<'a>(
    peer: Option<IpAddr>,
    trusted: &[Network],
    headers: &'a HeaderMap,
) -> Origin<'a> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let Some(proxy) = peer.filter(|&peer| is_trusted(peer)) else {
        return Origin { address: peer, ..Origin::default() };
    };
    let standard = of_standard(headers, &is_trusted);
    let common = of_common(headers, &is_trusted);
    match (standard, common) {
        // A proxy that ends TLS may tell no more than that.
        (None, None) => Origin { address: Some(proxy), ..told_alone(headers) },
        (Some(origin), None) | (None, Some(origin)) => origin,
        (Some(one), Some(other)) if one.address == other.address => Origin {
            address: one.address,
            scheme: one.scheme.or(other.scheme),
            host: one.host.or(other.host),
        },
        // A proxy sets one of them, and passes on what the client wrote into the other.
        (Some(_), Some(_)) => Origin::default(),
    }
}

/// By `Forwarded`, [RFC 7239](https://www.rfc-editor.org/rfc/rfc7239).
fn of_standard<'a>(
    headers: &'a HeaderMap,
    is_trusted: &dyn Fn(IpAddr) -> bool,
) -> Option<Origin<'a>> {
    let elements: Vec<Element<'a>> = match values(headers, &FORWARDED)? {
        Some(lines) => {
            lines.iter().flat_map(|line| split(line, b',')).map(Element::parse).collect()
        }
        None => return Some(Origin::default()),
    };
    let hops = elements.iter().rev().map(|element| element.node.and_then(address));
    let (hop, address) = client(hops, is_trusted);
    let element = hop.and_then(|hop| elements.get(elements.len().checked_sub(hop + 1)?));
    Some(Origin {
        address,
        scheme: element.and_then(|element| element.proto).and_then(scheme),
        host: element.and_then(|element| element.host),
    })
}

/// By `X-Forwarded-For`, `-Proto` and `-Host`.
fn of_common<'a>(
    headers: &'a HeaderMap,
    is_trusted: &dyn Fn(IpAddr) -> bool,
) -> Option<Origin<'a>> {
    let list = |name: &HeaderName| list(headers, name);
    let hops = list(&FOR)?;
    let (hop, address) = client(hops.iter().rev().map(|hop| self::address(hop)), is_trusted);
    // A proxy may set only some of these headers, or overwrite what another one set.
    let told = |name: &HeaderName| -> Option<&'a str> {
        let values = list(name)?;
        values.get((values.len().checked_sub(1)?).saturating_sub(hop?)).copied()
    };
    Some(Origin { address, scheme: told(&PROTO).and_then(scheme), host: told(&HOST) })
}

/// By `X-Forwarded-Proto` and `-Host` without `-For`: the last values are those of the peer.
fn told_alone(headers: &HeaderMap) -> Origin<'_> {
    let last = |name: &HeaderName| list(headers, name)?.pop();
    Origin { address: None, scheme: last(&PROTO).and_then(scheme), host: last(&HOST) }
}

/// The values of a header with commas between them; `None` if it is absent.
fn list<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Vec<&'a str>> {
    let lines = values(headers, name)?.unwrap_or_default();
    Some(lines.iter().flat_map(|line| line.split(',')).map(str::trim).collect())
}

/// From right to left, the first address that is no trusted proxy, or else the last one; and its index. An entry
/// that cannot be read ends the search, since no trusted proxy vouches for those to the left of it.
fn client(
    hops: impl Iterator<Item = Option<IpAddr>>,
    is_trusted: &dyn Fn(IpAddr) -> bool,
) -> (Option<usize>, Option<IpAddr>) {
    let mut last = (None, None);
    for (index, hop) in hops.enumerate() {
        last = (hop.map(|_| index), hop);
        if !hop.is_some_and(is_trusted) {
            break;
        }
    }
    last
}

/// The values of a header; `None` if it is absent, `Some(None)` if they cannot be read.
#[expect(clippy::option_option, reason = "whether it is there and whether it can be read differ")]
fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Option<Vec<&'a str>>> {
    let mut bytes = 0;
    let mut lines = headers.get_all(name).iter().peekable();
    lines.peek()?;
    Some(
        lines
            .map(|line| {
                bytes += line.len();
                line.to_str().ok().filter(|_| bytes <= MAX_BYTES)
            })
            .collect(),
    )
}

/// What one proxy says.
#[derive(Clone, Copy, Default)]
struct Element<'a> {
    node: Option<&'a str>,
    proto: Option<&'a str>,
    host: Option<&'a str>,
}

impl<'a> Element<'a> {
    fn parse(text: &'a str) -> Element<'a> {
        let mut element = Element::default();
        for pair in split(text, b';') {
            let Some((name, value)) = pair.split_once('=') else { continue };
            let value = unquoted(value.trim());
            match name.trim() {
                name if name.eq_ignore_ascii_case("for") => element.node = value,
                name if name.eq_ignore_ascii_case("proto") => element.proto = value,
                name if name.eq_ignore_ascii_case("host") => element.host = value,
                _ => {}
            }
        }
        element
    }
}

/// The parts between separators that are not inside quotes.
fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (mut quoted, mut escaped) = (false, false);
        let end = text.bytes().position(|byte| {
            let ends = byte == separator && !quoted;
            if !escaped && byte == b'"' {
                quoted = !quoted;
            }
            escaped = quoted && !escaped && byte == b'\\';
            ends
        });
        let (part, behind) = match end {
            Some(end) => (&text[..end], Some(&text[end + 1..])),
            None => (text, None),
        };
        rest = behind;
        Some(part.trim())
    })
}

/// A value without its quotes; `None` if it has only one quote, or escapes, which no address needs.
fn unquoted(value: &str) -> Option<&str> {
    let value = match value.strip_prefix('"') {
        Some(value) => value.strip_suffix('"')?,
        None => value,
    };
    (!value.contains(['"', '\\'])).then_some(value)
}

/// `::ffff:192.0.2.1` as `192.0.2.1`: a socket for IPv4 and IPv6 uses the first.
pub(crate) fn canonical(peer: SocketAddr) -> SocketAddr {
    SocketAddr::new(peer.ip().to_canonical(), peer.port())
}

/// An address without brackets and port.
fn address(node: &str) -> Option<IpAddr> {
    let address = if let Some(bracketed) = node.strip_prefix('[') {
        let (address, _) = bracketed.split_once(']')?;
        address.parse().ok().map(IpAddr::V6)
    } else {
        let without_port = || node.rsplit_once(':')?.0.parse().ok().map(IpAddr::V4);
        node.parse().ok().or_else(without_port)
    };
    address.map(|address| address.to_canonical())
}

fn scheme(proto: &str) -> Option<&'static str> {
    ["http", "https"].into_iter().find(|scheme| proto.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const TRUSTED: &[&str] = &["10.0.0.0/8", "::1"];

    fn found(peer: &str, trusted: &[&str], lines: &[(&'static str, &str)]) -> [String; 3] {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        let trusted: Vec<Network> =
            trusted.iter().map(|it| it.parse().expect("a network")).collect();
        let Origin { address, scheme, host } = origin(peer.parse().ok(), &trusted, &headers);
        [
            address.map(|address| address.to_string()).unwrap_or_default(),
            scheme.unwrap_or_default().to_owned(),
            host.unwrap_or_default().to_owned(),
        ]
    }

    #[test]
    fn without_trusted_proxies_a_client_is_whoever_is_connected() {
        let forged = [
            ("x-forwarded-for", "203.0.113.9, 198.51.100.7"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "bank.example"),
            ("forwarded", "for=203.0.113.9;proto=https;host=bank.example"),
        ];
        assert_eq!(found("10.0.0.5", &[], &forged), ["10.0.0.5", "", ""]);
        assert_eq!(found("192.0.2.1", TRUSTED, &forged), ["192.0.2.1", "", ""]);
        assert_eq!(found("", TRUSTED, &forged), ["", "", ""]);
    }

    #[test]
    fn behind_trusted_proxies_the_client_is_the_first_from_the_right_that_is_none() {
        for (lines, expected) in [
            (&[][..], ["10.0.0.5", "", ""]),
            (&[("x-forwarded-for", "203.0.113.9, 198.51.100.7")], ["198.51.100.7", "", ""]),
            (
                &[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "10.0.0.6")],
                ["203.0.113.9", "", ""],
            ),
            (&[("x-forwarded-for", "198.51.100.7:4711, 10.0.0.6")], ["198.51.100.7", "", ""]),
            (&[("x-forwarded-for", "2001:db8::17")], ["2001:db8::17", "", ""]),
            (&[("x-forwarded-for", "[2001:db8::17]:4711")], ["2001:db8::17", "", ""]),
            (&[("x-forwarded-for", "::ffff:203.0.113.9")], ["203.0.113.9", "", ""]),
            (&[("x-forwarded-for", "10.0.0.7, 10.0.0.6")], ["10.0.0.7", "", ""]),
            (&[("x-forwarded-for", "203.0.113.9, unknown, 10.0.0.6")], ["", "", ""]),
            (&[("x-forwarded-for", "")], ["", "", ""]),
            (
                &[
                    ("x-forwarded-for", "203.0.113.9, 10.0.0.6"),
                    ("x-forwarded-proto", "HTTPS"),
                    ("x-forwarded-host", "shop.example"),
                ],
                ["203.0.113.9", "https", "shop.example"],
            ),
            (
                &[
                    ("x-forwarded-for", "203.0.113.9, 10.0.0.6"),
                    ("x-forwarded-proto", "gopher, https, http"),
                    ("x-forwarded-host", "forged.example, shop.example, inner.example"),
                ],
                ["203.0.113.9", "https", "shop.example"],
            ),
            (
                &[("forwarded", "for=\"[2001:db8::17]:4711\";proto=https")],
                ["2001:db8::17", "https", ""],
            ),
            (
                &[(
                    "forwarded",
                    "for=1.2.3.4, For=203.0.113.9 ; Host=\"shop.example:443\" , for=10.0.0.6",
                )],
                ["203.0.113.9", "", "shop.example:443"],
            ),
            (&[("forwarded", "for=_hidden;proto=https")], ["", "", ""]),
            (&[("forwarded", "for=\"203.0.113.9")], ["", "", ""]),
            (&[("forwarded", "for=\"a, b\";by=\"c;d\", for=203.0.113.9")], ["203.0.113.9", "", ""]),
            (
                &[("forwarded", "for=203.0.113.9"), ("x-forwarded-for", "203.0.113.9")],
                ["203.0.113.9", "", ""],
            ),
            (&[("forwarded", "for=1.2.3.4"), ("x-forwarded-for", "203.0.113.9")], ["", "", ""]),
        ] {
            assert_eq!(found("10.0.0.5", TRUSTED, lines), expected, "{lines:?}");
        }
        assert_eq!(found("::1", TRUSTED, &[("x-forwarded-for", "203.0.113.9")])[0], "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_that_tells_only_the_scheme_or_the_host_is_believed() {
        for (lines, scheme, host) in [
            (&[("x-forwarded-proto", "https")][..], "https", ""),
            (&[("x-forwarded-host", "shop.example:8443")], "", "shop.example:8443"),
            (&[("x-forwarded-proto", "http, HTTPS"), ("x-forwarded-host", "a, b")], "https", "b"),
            (&[("x-forwarded-proto", "http"), ("x-forwarded-proto", "https")], "https", ""),
            (&[("x-forwarded-proto", "gopher"), ("x-forwarded-host", "é")], "", ""),
        ] {
            assert_eq!(found("10.0.0.5", TRUSTED, lines), ["10.0.0.5", scheme, host], "{lines:?}");
            assert_eq!(found("192.0.2.1", TRUSTED, lines), ["192.0.2.1", "", ""], "{lines:?}");
        }
        let beside = [("forwarded", "for=203.0.113.9"), ("x-forwarded-proto", "https")];
        assert_eq!(found("10.0.0.5", TRUSTED, &beside), ["203.0.113.9", "", ""]);
    }

    #[test]
    fn rubbish_of_any_length_says_nothing() {
        for rubbish in
            [",".repeat(5000), "\"".repeat(5000), "for=\"\\".repeat(800), "é".repeat(2500)]
        {
            for name in ["x-forwarded-for", "forwarded"] {
                let twice = [(name, rubbish.as_str()), (name, rubbish.as_str())];
                assert_eq!(found("10.0.0.5", TRUSTED, &twice)[0], "", "{name}: {}", &rubbish[..4]);
                assert_eq!(found("10.0.0.5", &[], &twice)[0], "10.0.0.5", "{name}");
            }
        }
    }
}
