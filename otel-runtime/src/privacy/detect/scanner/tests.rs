//! What holds of all detectors together: encoded texts, numbers, limits, and texts that somebody made to hurt.

use std::time::{Duration, Instant};

use super::super::coverage::Coverage;
use super::super::finding::Finding;
use super::Scanner;

fn scanned(coverage: Coverage, key: Option<&str>, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    assert_eq!(Scanner::new(coverage).scan(key, text, &mut found), text.len());
    found
}

/// `text` with what was found between `«` and `»`.
fn marked(coverage: Coverage, text: &str) -> String {
    let mut marked = String::new();
    let mut at = 0;
    for finding in scanned(coverage, None, text) {
        marked += &text[at..finding.range.start];
        marked.extend(["«", &text[finding.range.clone()], "»"]);
        at = finding.range.end;
    }
    marked + &text[at..]
}

#[track_caller]
fn finds(coverage: Coverage, texts: &[&str]) {
    for text in texts {
        assert_eq!(&marked(coverage, &text.replace(['«', '»'], "")), text);
    }
}

#[test]
fn short_secrets_are_found_by_their_names_alone() {
    finds(
        Coverage::Secrets,
        &[
            "Client { token: \"«s3cr3t-opaque»\" }",
            "{\"password\":\"«hunter2»\"}",
            "x-api-key: «7f3a9c21»",
            "Basic «dXNlcjpwYXNz»",
            "Bearer «abc123def»",
            "--password «hunter2»",
            "pwd=«abc»",
        ],
    );
}

#[test]
fn addresses_of_few_digits_are_found_among_personal_data() {
    finds(
        Coverage::Personal,
        &[
            "«10.1.2.3»",
            "peer «192.0.2.7» left",
            "«2001:db8::1»",
            "«fe80::1»",
            "«::ffff:192.0.2.1»",
            r"C:\Users\«ada»\x",
            "«1.1.1.1»",
        ],
    );
}

#[test]
fn ordinary_urls_and_ids_stay_as_they_are() {
    for coverage in [Coverage::Secrets, Coverage::Personal] {
        finds(
            coverage,
            &[
                "https://acme.example/wiki/spaces/ENG/pages/1234567890/Weekly",
                "550e8400-e29b-41d4-a716-446655440000",
                "4bf92f3577b34da6a3ce929d0e0e4736",
                "12345678901234567890123456789012",
                "POST /twirp/users.api.v1.UserService/Update",
                "1714566645123",
                "1714566645123456789",
                "1785293847562837465",
            ],
        );
    }
}

#[test]
fn encoded_values_are_found_where_they_stand() {
    finds(
        Coverage::Personal,
        &[
            "email%3D«ada%40example.com»",
            "«４１１１１１１１１１１１１１１１» was declined",
            "«4111\u{a0}1111\u{a0}1111\u{a0}1111»",
            "pass\u{200b}word=«hunter2»",
            "to «ada\u{200b}@example.com»",
            "token=«abc%26def»&x=1",
            "password%3D«hunter2»",
            "q=«cGFzc3dvcmQ9aHVudGVyMg==» x",
            "/raw/«cGFzc3dvcmQ9aHVudGVyMg==»",
            "«cGFzc3dv\ncmQ9aHVudGVyMg==»",
            "卡号«4111111111111111»。",
        ],
    );
}

#[test]
fn what_is_encoded_twice_or_split_is_not_found() {
    finds(
        Coverage::Personal,
        &["email%253Dada%2540example.com", "ada", "@example.com", "ada [at] example.com"],
    );
}

#[test]
fn a_secrets_key_makes_everything_a_secret_but_what_stands_for_one() {
    let found = |key, text| scanned(Coverage::Secrets, Some(key), text).len();
    assert_eq!(found("db.password", "x"), 1);
    assert_eq!(found("http.request.header.x-api-key", "7f3a"), 1);
    assert_eq!(found("db.password", "[REDACTED]"), 0);
    assert_eq!(found("db.password", ""), 0);
    assert_eq!(found("http.route", "/password"), 0);
}

#[test]
fn a_number_is_a_card_only_by_its_key() {
    let scanner = Scanner::new(Coverage::Personal);
    let kind = |key, number| scanner.scan_number(Some(key), number).map(|found| found.detector);
    assert_eq!(kind("payment.card", 4_111_111_111_111_111), Some("card"));
    assert_eq!(kind("cardNumber", 4_111_111_111_111_111), Some("card"));
    assert_eq!(kind("payment.card", 4_111_111_111_111_112), None);
    assert_eq!(kind("payload", 4_111_111_111_111_111), None);
    assert_eq!(kind("card.id", 4_111_111_111_111_111), None);
    assert_eq!(kind("user.ssn", 536_221_234), Some("ssn"));
    assert_eq!(kind("pin", 1234), Some("named"));
    assert_eq!(kind("contact.phone", -1), None);
    assert_eq!(scanner.scan_number(None, 4_111_111_111_111_111), None);
    // Of as many random ids one in thirty has an issuer and a check digit.
    let mut random = fastrand::Rng::with_seed(9);
    for _ in 0..100_000 {
        let id = random.i64(1_000_000_000_000_000..10_000_000_000_000_000);
        assert_eq!(kind("order.id", id), None);
        assert_eq!(scanned_id(&scanner, &id.to_string()), 0, "{id}");
    }
}

fn scanned_id(scanner: &Scanner, id: &str) -> usize {
    let mut found = Vec::new();
    assert_eq!(scanner.scan(Some("order.id"), id, &mut found), id.len());
    found.len()
}

#[test]
fn a_secret_at_the_limit_is_not_divided() {
    let scanner = Scanner::new(Coverage::Secrets).up_to(1024);
    let secret = format!("Bearer {}", "a1".repeat(400));
    for before in 200..1100 {
        let text = format!(
            "{} {secret} {}",
            "word ".repeat(before / 5) + &"w".repeat(before % 5),
            "tail ".repeat(300)
        );
        let mut found = Vec::new();
        let end = scanner.scan(None, &text, &mut found);
        assert!(end < text.len());
        // What is left of the secret once findings and what was not scanned are gone.
        let token = text.find("a1a1").expect("it is there");
        let left = found.first().map_or(end, |finding| finding.range.start);
        assert!(left <= token, "{} bytes leave at {before}", left - token);
    }
    assert_eq!(scanner.scan(None, &"é".repeat(2000), &mut Vec::new()), 0);
}

#[test]
fn findings_are_in_order_apart_and_between_characters() {
    const PIECES: &[&str] = &[
        "password",
        "=",
        ":",
        " ",
        "\"",
        "'",
        "\\",
        "@",
        "a",
        "é",
        "卡",
        "%",
        "%4",
        "%C3",
        "4111 1111 1111 1111",
        "-",
        ".",
        "eyJ",
        "://",
        "Bearer ",
        "-----BEGIN PRIVATE KEY-----",
        "/home/",
        "::",
        "1",
        "{",
        "}",
        "(",
        "<",
        ">",
        "\u{200b}",
        "\n",
        "GB82",
        "+49 ",
        "cGFzc3dvcmQ9aHVudGVyMg==",
        "ghp_",
        "ada@example.com",
        "𝟒",
        "０",
        "#",
        "&",
        ";",
        ",",
    ];
    let mut random = fastrand::Rng::with_seed(7);
    let scanners = [Scanner::new(Coverage::Secrets), Scanner::new(Coverage::Personal)];
    for _ in 0..6_000 {
        let text: String =
            (0..random.usize(..24)).map(|_| PIECES[random.usize(..PIECES.len())]).collect();
        let key = random.bool().then(|| PIECES[random.usize(..PIECES.len())]);
        for scanner in &scanners {
            let mut found = Vec::new();
            assert_eq!(scanner.scan(key, &text, &mut found), text.len());
            let mut end = 0;
            for finding in found {
                assert!(
                    finding.range.start >= end && !finding.range.is_empty(),
                    "{finding:?} in {text:?}"
                );
                assert!(text.get(finding.range.clone()).is_some(), "{finding:?} in {text:?}");
                end = finding.range.end;
            }
        }
    }
}

/// Once more for each byte, a text of 128 KiB would take a minute and more; as it is, the slowest takes two seconds without optimization.
#[test]
fn no_text_takes_more_than_its_length() {
    const HOSTILE: &[&str] = &[
        "password",
        "password=",
        "password: ",
        "token:{",
        "secret(",
        "\"key\":\"\\",
        "eyJ",
        "eyJ.",
        "a@",
        "a@a.",
        "x://",
        "x://a:b",
        "-----BEGIN PRIVATE KEY",
        "1",
        "1 ",
        "1-",
        "4111 ",
        "+1 (",
        "1.",
        ":",
        "a:",
        "/home/",
        "GB82",
        "GB82 ",
        "cGFz",
        "%40",
        "\u{200b}",
        "é",
        "Bearer ",
        "Bearer a",
        "a:b@tcp",
        "jdbc:oracle:a:",
        "\\",
        "''",
        "pass='",
        "<password>",
        "--token ",
        "ghp_",
        "key",
        "AKIA",
    ];
    let scanner = Scanner::new(Coverage::Personal).up_to(1 << 20);
    for piece in HOSTILE {
        let text = piece.repeat((128 << 10) / piece.len());
        let started = Instant::now();
        let _ = scanner.scan(None, &text, &mut Vec::new());
        assert!(started.elapsed() < Duration::from_secs(20), "{piece:?} over and over");
    }
}

#[test]
fn a_text_that_has_no_more_than_the_beginning_of_a_literal_is_not_looked_at_closely() {
    for coverage in [Coverage::Secrets, Coverage::Personal] {
        let scanner = Scanner::new(coverage);
        assert!(!scanner.suspects("application/json"), "{coverage:?}");
        assert!(scanner.suspects("application/json token=7f3a9c"), "{coverage:?}");
    }
}
