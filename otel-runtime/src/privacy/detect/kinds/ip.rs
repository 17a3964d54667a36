//! IP addresses, of version 4 and 6.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const IP: Detector = Detector {
    name: "ip",
    class: Class::Network,
    coverage: Coverage::Personal,
    literals: &[],
    signs: Signs::ADDRESS,
    // Four numbers, more of which are none; or what has two colons and may be hexadecimal, with the last 32 bits as four
    // numbers or without.
    pattern: r"(?i)[0-9]{1,3}(?:\.[0-9]+){3,}|[0-9a-f]{0,4}:[0-9a-f:]*:[0-9a-f]{0,4}(?:(?:\.[0-9]{1,3}){3})?",
    check: Check::Whole(is_address),
};

/// Said before a version: `Chrome/126.0.0.0` is found by its `/`.
const VERSIONS: &[&str] = &["version", "ver", "release", "build"];

fn is_address(ip: &Candidate<'_>) -> bool {
    let Ok(text) = std::str::from_utf8(ip.bytes()) else { return false };
    let is_open = ip.stands_alone()
        && !matches!(ip.after(), [b':' | b'.', next, ..] if next.is_ascii_alphanumeric() && text.contains("::"));
    if text.contains(':') {
        // `a::b` is a path of Rust, and a time has no letters and no `::`.
        let is_likely = text.bytes().any(|byte| byte.is_ascii_digit());
        return is_open
            && is_likely
            && !matches!(ip.before().last(), Some(b':' | b'_' | b'.'))
            && text.parse::<Ipv6Addr>().is_ok_and(|ip| !ip.is_loopback() && !ip.is_unspecified());
    }
    is_open
        && !ip.hints.is_version
        && !is_part_of_a_version(ip)
        && !is_after_product(ip.before())
        && !is_version(ip)
        && text
            .parse::<Ipv4Addr>()
            .is_ok_and(|ip| !ip.is_loopback() && !ip.is_unspecified() && !ip.is_broadcast())
}

/// Whether it goes on before it or behind it, as `2.3.4.5` does in `1.2.3.4.5-rc.1`.
fn is_part_of_a_version(ip: &Candidate<'_>) -> bool {
    matches!(ip.before(), [.., byte, b'.'] if byte.is_ascii_digit())
        || matches!(ip.after(), [b'.', next, ..] if next.is_ascii_digit())
}

/// Whether `/` and a word before it make it a version, as in `nginx/1.25.3.1`.
fn is_after_product(before: &[u8]) -> bool {
    matches!(before, [.., byte, b'/'] if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b')'))
}

fn is_version(ip: &Candidate<'_>) -> bool {
    let before = ip.before();
    let between = before
        .iter()
        .rev()
        .take(4)
        .take_while(|byte| matches!(byte, b' ' | b':' | b'=' | b'"' | b'\''))
        .count();
    let before = &before[..before.len() - between];
    let len = before.iter().rev().take(12).take_while(|byte| byte.is_ascii_alphabetic()).count();
    VERSIONS.iter().any(|word| before[before.len() - len..].eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::IP;

    #[test]
    fn an_address_is_found_with_a_port_a_prefix_or_a_zone() {
        finds(
            &IP,
            &[
                "«10.1.2.3»",
                "peer «192.0.2.7» left",
                "«192.0.2.7»:8080, http://«198.51.100.3»/x",
                "«2001:db8::1»",
                "[«2001:db8::17»]:4711",
                "«fe80::1»%eth0",
                "«::ffff:192.0.2.1»",
                "«2001:0db8:85a3:0000:0000:8a2e:0370:7334».",
                "来自«192.0.2.7»的请求",
                "10.0.0.0/8".replace("10.0.0.0", "«10.0.0.0»").as_str(),
            ],
        );
    }

    #[test]
    fn versions_times_and_this_very_machine_are_left() {
        leaves(
            &IP,
            &[
                "127.0.0.1",
                "0.0.0.0",
                "::1",
                "nginx/1.25.3.1",
                "Chrome/126.0.0.0",
                "version 1.2.3.4",
                "v1.2.3.4",
                "1.2.3.4.5",
                "256.1.2.3",
                "1.2.3.1000",
                "01.2.3.4",
                "12:30:45",
                "abc::def",
                "std::fmt",
                "00:1a:2b:3c:4d:5e",
                "2001:db8::1::2",
                "2001:db8:85a3:0:0:8a2e:370",
            ],
        );
    }
}
