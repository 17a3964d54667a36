//! User and password in connection strings that are no URLs: of the driver for Go and `MySQL`, and of Oracle's thin one. Those
//! with names in them, `Password=..;`, are found by these.

use std::ops::Range;

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const CONNECTION: Detector = Detector {
    name: "connection",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["@tcp(", "@unix(", "jdbc:oracle:"],
    signs: Signs::NONE,
    pattern: r#"[^\s"'`/:=@]+:[^\s"'`]*@(?:tcp|unix)\(|(?i)jdbc:oracle:[a-z]+:[^\s/@"']+/[^\s@"']*@"#,
    check: Check::Parts(credentials),
};

fn credentials(part: &Candidate<'_>, found: &mut dyn FnMut(Range<usize>)) {
    let bytes = part.bytes();
    let Some(end) = bytes.iter().rposition(|byte| *byte == b'@') else { return };
    let is_oracle = bytes.len() > 12 && bytes[..12].eq_ignore_ascii_case(b"jdbc:oracle:");
    let start = if is_oracle {
        bytes[12..end].iter().position(|byte| *byte == b':').map_or(12, |at| at + 13)
    } else {
        0
    };
    found(part.range.start + start..part.range.start + end);
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::CONNECTION;

    #[test]
    fn user_and_password_are_found() {
        finds(
            &CONNECTION,
            &["«ada:s3cr3t»@tcp(db:3306)/shop", "jdbc:oracle:thin:«scott/tiger»@db:1521:x"],
        );
        leaves(&CONNECTION, &["jdbc:oracle:thin:@db:1521:x", "@tcp(db:3306)"]);
    }
}
