//! Names of people in paths: `/home/ada`, `C:\Users\ada`.

use std::ops::Range;

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const HOME: Detector = Detector {
    name: "home",
    class: Class::Network,
    coverage: Coverage::Personal,
    literals: &[
        "/home/",
        "/Users/",
        r"\Users\",
        r"\Users\\",
        "/Documents and Settings/",
        r"\Documents and Settings\",
    ],
    signs: Signs::NONE,
    pattern: r"(?i)(?:/home/|[/\\]+users[/\\]+|[/\\]+documents and settings[/\\]+)[^/\\:*?<>|\x00-\x1f ,;)\]}]+",
    check: Check::Parts(name),
};

/// Who has a directory there and is nobody: the accounts of systems, of images of machines and of containers.
const NOBODY: &[&str] = &[
    "shared",
    "public",
    "default",
    "all users",
    "default user",
    "root",
    "ubuntu",
    "ec2-user",
    "debian",
    "admin",
    "runner",
    "runneradmin",
    "node",
    "app",
    "vscode",
    "jovyan",
    "nonroot",
    "user",
    "username",
    "$user",
    "~",
];

fn name(path: &Candidate<'_>, found: &mut dyn FnMut(Range<usize>)) {
    let bytes = path.bytes();
    // Of a URL this is a page, not a directory: `https://shop.example/home/garden`.
    if path
        .before()
        .last()
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    {
        return;
    }
    let Some(at) = bytes.iter().rposition(|byte| matches!(byte, b'/' | b'\\')) else { return };
    let name = &bytes[at + 1..];
    let end = name
        .iter()
        .rposition(|byte| !matches!(byte, b'"' | b'\'' | b'`' | b'.'))
        .map_or(0, |at| at + 1);
    let name = &name[..end];
    let is_nobody = NOBODY.iter().any(|nobody| name.eq_ignore_ascii_case(nobody.as_bytes()));
    let is_parameter = matches!(name.first(), Some(b'{' | b'<' | b'$' | b'%'));
    if !name.is_empty() && !is_nobody && !is_parameter {
        let start = path.range.start + at + 1;
        found(start..start + name.len());
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::HOME;

    #[test]
    fn the_name_in_a_path_is_found() {
        finds(
            &HOME,
            &[
                "/home/«ada»/.cargo",
                "at /Users/«ada.lovelace»/src/main.rs:7",
                r"C:\Users\«ada»\x",
                r#""C:\\Users\\«ada»\\x""#,
                "file:///home/«ada»",
                "cannot open '/home/«ада»'",
            ],
        );
    }

    #[test]
    fn pages_and_accounts_of_nobody_are_left() {
        leaves(
            &HOME,
            &[
                "https://shop.example/home/garden",
                "/home/runner/work",
                "/Users/Shared/x",
                "/home/{name}",
                "/home/",
            ],
        );
    }
}
