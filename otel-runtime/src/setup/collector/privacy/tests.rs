use regex::bytes::{Regex, RegexBuilder};

use super::*;
use crate::privacy::{Action, Class, HashKeys, Scanner};

fn written(redaction: &Redaction) -> String {
    redaction.over_approximate().expect("valid").to_string()
}

/// As the Collector reads it: `\\b`, `\\s` and `(?i)` are about ASCII.
fn re2(pattern: &str) -> Regex {
    RegexBuilder::new(pattern).unicode(false).build().expect(pattern)
}

#[test]
fn every_pattern_is_one_and_finds_what_its_detector_finds() {
    let cases = [
        ("pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA"),
        ("connection", "ada:s3cr3t@tcp(db:3306)/shop"),
        ("url", "https://ada:s3cr3t@db.example/x"),
        ("bearer", "Authorization: Bearer 7f3a9c21b"),
        ("basic", "Basic dXNlcjpwYXNz"),
        ("jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
        ("aws", "AKIAQYLPMN5HHHFPZAM2"),
        ("github", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
        ("gitlab", "glpat-abcDEF1234567890_-xy"),
        ("gcp", "AIzaSyA1234567890abcdefghijklmnopqrstuv"),
        ("azure", "abc8Q~abcdefghijklmnopqrstuvwxyz.12345-7"),
        ("slack", "xoxb-1234567890-abcdefghij"),
        ("stripe", "sk_live_abcdefghijklmnopqrstuvwx"),
        ("openai", "sk-proj-abcdefghijklmnopqrstuvwxyz"),
        ("npm", "npm_abcdefghijklmnopqrstuvwxyz0123456789"),
        ("pypi", "pypi-AgEIcHlwaS5vcmcCJGFiY2RlZmdo"),
        ("named", "{\"password\":\"hunter2\"}"),
        ("named", "token: \"s3cr3t-opaque\""),
        ("named", "login --password hunter2"),
        ("named", "secret=\"two words\""),
        ("card", "4111 1111 1111 1234"),
        ("card", "4111111111111111"),
        ("email", "ask ada@acme-corp.dev now"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("ssn", "ssn 536-90-4399"),
        ("ip", "peer 192.0.2.7 left"),
        ("ip", "2001:db8::1"),
        ("ip", "fe80::1"),
        ("ip", "::ffff:192.0.2.1"),
        ("home", "/home/ada/x"),
        ("home", r"C:\Users\ada\x"),
        ("phone", "call +49 30 901820"),
    ];
    for pattern in &PATTERNS {
        let regex = re2(pattern.regex);
        let mut texts = cases.iter().filter(|(name, _)| *name == pattern.name).peekable();
        assert!(texts.peek().is_some(), "{} has a case", pattern.name);
        for (_, text) in texts {
            assert!(regex.is_match(text.as_bytes()), "{} in {text}", pattern.name);
        }
    }
    // Whatever the process finds in them, one pattern or another finds, too.
    let scanner = Scanner::new(Coverage::Personal);
    for (_, text) in cases {
        let mut found = Vec::new();
        let _ = scanner.scan(None, text, &mut found);
        for finding in found {
            let is_found = PATTERNS.iter().any(|pattern| {
                let regex = re2(pattern.regex);
                regex
                    .find_iter(text.as_bytes())
                    .any(|it| it.start() <= finding.range.start && finding.range.end <= it.end())
            });
            assert!(is_found, "{} in {text}", finding.detector);
        }
    }
}

/// A pattern that ended before the secret would take its beginning from the pattern that knows it.
#[test]
fn of_several_patterns_the_first_to_match_takes_the_whole_secret() {
    let all: Vec<_> = PATTERNS.iter().map(|it| format!("(?:{})", it.regex)).collect();
    let all = re2(&all.join("|"));
    for (text, secret) in [
        ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("failed: Authorization: Bearer J18VSnltBIkd.", "J18VSnltBIkd"),
        ("authorization=Basic%20dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("Authorization: Token 7f3a9c21b", "7f3a9c21b"),
    ] {
        let left = all.replace_all(text.as_bytes(), &b"*"[..]);
        assert!(!String::from_utf8_lossy(&left).contains(secret), "{text}");
    }
}

#[test]
fn names_of_spans_that_hold_nothing_are_found_by_no_pattern() {
    let statement = re2(patterns::IS_STATEMENT);
    for name in [
        "GET /orders/{id}",
        "POST /twirp/users.api.v1.UserService/Update",
        "users.api.v1.UserService/Update",
        "my_crate::orders::select_from",
        "SELECT name\n  FROM users\n WHERE id = $1",
        "SELECT shop.orders",
    ] {
        for pattern in &PATTERNS {
            let regex = re2(pattern.regex);
            assert!(!regex.is_match(name.as_bytes()), "{} in {name}", pattern.name);
        }
        if statement.is_match(name.as_bytes()) {
            for literal in [patterns::TEXT_OF_STATEMENT, patterns::NUMBER_OF_STATEMENT] {
                assert!(!re2(literal).is_match(name.as_bytes()), "{name}");
            }
        }
    }
}

#[test]
fn names_of_spans_are_not_rewritten() {
    let yaml = written(&Redaction::new(Coverage::Personal, Actions::default()));
    for sanitizer in ["url_sanitizer", "db_sanitizer"] {
        assert!(
            yaml.contains(&format!("{sanitizer}:\n      sanitize_span_name: false\n")),
            "{yaml}"
        );
    }
}

#[test]
fn what_a_collector_cannot_do_is_refused_by_name_or_said_in_a_comment() {
    let actions = Actions::default()
        .with(Class::Financial, Action::MaskAllButLast(4))
        .with(Class::Credential, Action::Hash)
        .hash_keys(HashKeys::new("k1", &[7; 32]).expect("valid"));
    let redaction = Redaction::new(Coverage::Personal, actions);
    let refused = redaction.exact().expect_err("cards have a check digit");
    let fields: Vec<&str> = refused.fields().collect();
    for field in
        ["card", "iban", "jwt", "links", "statements", "actions.financial", "actions.credential"]
    {
        assert!(fields.contains(&field), "{field} in {fields:?}");
    }
    assert!(!fields.contains(&"github"));
    let widened = redaction.over_approximate().expect("valid");
    assert_eq!(widened.widened().len(), fields.len());
    for told in widened.widened() {
        assert!(widened.yaml().contains(&format!("# {told}")), "{told}");
    }
}

#[test]
fn what_a_collector_can_do_is_written_exactly() {
    let redaction = Redaction::new(Coverage::Secrets, Actions::default())
        .only(&["github", "gitlab", "gcp"])
        .links(false)
        .statements(false);
    let exact = redaction.exact().expect("patterns alone say it all");
    assert!(exact.widened().is_empty());
    assert!(!exact.yaml().contains("links"));
    assert_eq!(exact, redaction.over_approximate().expect("valid"));
}

#[test]
fn a_key_comes_from_the_environment_of_the_collector() {
    let keys = HashKeys::new("k1", b"hunter2-hunter2-hunter2-hunter2-").expect("valid");
    let actions = Actions::default().with(Class::Contact, Action::Hash).hash_keys(keys);
    let yaml = written(&Redaction::new(Coverage::Personal, actions).hash_key_variable("HMAC_KEY"));
    assert!(yaml.contains("hash_function: \"hmac-sha256\"\n"));
    assert!(yaml.contains("hmac_key: \"${env:HMAC_KEY}\"\n"));
    assert!(!yaml.contains("hunter2"));
}

#[test]
fn a_class_that_is_kept_is_not_looked_for() {
    let yaml = written(&Redaction::new(
        Coverage::Secrets,
        Actions::default().with(Class::Credential, Action::Keep),
    ));
    assert!(
        !yaml.contains("[credential]")
            && !yaml.contains("blocked_key_patterns")
            && yaml.contains("[financial]")
    );
}

#[test]
fn a_setting_that_is_none_is_refused() {
    let redaction = || Redaction::new(Coverage::Secrets, Actions::default());
    for (redaction, field) in [
        (redaction().only(&["github", "gihtub"]), "only"),
        (redaction().listen("4317"), "listen"),
        (redaction().backend(" "), "backend"),
        (redaction().hash_key_variable("A B"), "hash_key_variable"),
    ] {
        let refused = redaction.over_approximate().expect_err(field);
        assert!(refused.fields().any(|it| it == field), "{refused}");
    }
}

#[test]
fn the_configuration_of_the_default_is_the_one_that_is_shown() {
    let yaml = written(
        &Redaction::new(Coverage::Secrets, Actions::default()).backend("http://127.0.0.1:4318"),
    );
    let golden =
        concat!(env!("CARGO_MANIFEST_DIR"), "/src/setup/collector/privacy/tests/secrets.yaml");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(golden, &yaml).expect("writable");
    }
    assert_eq!(std::fs::read_to_string(golden).expect("`BLESS=1` writes it"), yaml);
}
