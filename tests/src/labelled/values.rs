//! What does a value of a kind look like?

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fastrand::Rng;

use super::{ALNUM, DIGITS, LOWER, UPPER, URL_SAFE, Value, characters, pick};

pub(super) fn value(kind: &str, rng: &mut Rng) -> Value {
    match kind {
        "email" => email(rng).into(),
        "card" => grouped_card(&card(rng), rng).into(),
        "ssn" => ssn(rng),
        "iban" => in_fours(&iban(rng), rng).into(),
        "ip" => ip(rng).into(),
        "jwt" => jwt(&header(rng), rng).into(),
        "bearer" => {
            let len = rng.usize(12..60);
            Value {
                before: pick(&["Bearer ", "bearer ", "Authorization: Bearer "], rng),
                text: opaque(len, rng),
                after: "",
            }
        }
        "cloud" => key(rng).into(),
        "pem" => pem(
            pick(
                &[
                    "PRIVATE KEY",
                    "RSA PRIVATE KEY",
                    "EC PRIVATE KEY",
                    "OPENSSH PRIVATE KEY",
                    "ENCRYPTED PRIVATE KEY",
                ],
                rng,
            ),
            rng,
        )
        .into(),
        "phone" => phone(rng),
        "named" => named(rng),
        "user_info" => user_info(rng),
        kind => unreachable!("{kind} is none of the kinds"),
    }
}

pub(super) fn email(rng: &mut Rng) -> String {
    let first =
        pick(&["ada", "grace.hopper", "j", "o.b+news", "li_wei", "maria-jose", "info", "x99"], rng);
    let number = if rng.bool() { rng.u16(..).to_string() } else { String::new() };
    let host = pick(&["mail", "corp", "sub.shop", "gmail", "my-company", "uni-1", "a.b.c"], rng);
    let end = pick(&["com", "org", "de", "co.uk", "io", "museum", "example", "COM"], rng);
    format!("{first}{number}@{host}{}.{end}", rng.u8(..))
}

/// An issuer's prefix, and how many digits it has.
const ISSUERS: &[(&str, usize)] = &[
    ("4", 16),
    ("4", 16),
    ("4", 13),
    ("51", 16),
    ("55", 16),
    ("2221", 16),
    ("2720", 16),
    ("34", 15),
    ("37", 15),
    ("6011", 16),
    ("65", 16),
    ("36", 14),
    ("3528", 16),
    ("3589", 16),
    ("62", 16),
    ("62", 19),
    ("4", 19),
];

pub(super) fn card(rng: &mut Rng) -> String {
    let (prefix, len) = ISSUERS[rng.usize(..ISSUERS.len())];
    with_check_digit(&format!("{prefix}{}", characters(DIGITS, len - prefix.len() - 1, rng)))
}

/// By Luhn.
pub(super) fn with_check_digit(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

pub(super) fn grouped_card(card: &str, rng: &mut Rng) -> String {
    let separator = pick(&["", "", " ", "-"], rng);
    let groups: &[usize] = match card.len() {
        15 => &[4, 6, 5],
        14 => &[4, 6, 4],
        _ => &[4, 4, 4, 4, 4],
    };
    let mut rest = card;
    let mut parts = Vec::new();
    for len in groups {
        let (part, after) = rest.split_at(rest.len().min(*len));
        parts.push(part);
        rest = after;
    }
    parts.retain(|part| !part.is_empty());
    parts.join(separator)
}

fn ssn(rng: &mut Rng) -> Value {
    let area = loop {
        let area = rng.u16(1..900);
        if area != 666 {
            break area;
        }
    };
    let (group, serial) = (rng.u8(1..100), rng.u16(1..10_000));
    if rng.u8(..3) == 0 {
        let before = pick(&["ssn ", "SSN: ", "social security number ", "ssn="], rng);
        return Value { before, text: format!("{area:03}{group:02}{serial:04}"), after: "" };
    }
    format!("{area:03}-{group:02}-{serial:04}").into()
}

/// A country, and its account: `n` a digit, `a` a capital letter, `c` either.
const ACCOUNTS: &[(&str, &str)] = &[
    ("DE", "nnnnnnnnnnnnnnnnnn"),
    ("GB", "aaaannnnnnnnnnnnnn"),
    ("FR", "nnnnnnnnnncccccccccccnn"),
    ("NL", "aaaannnnnnnnnn"),
    ("ES", "nnnnnnnnnnnnnnnnnnnn"),
    ("IT", "annnnnnnnnncccccccccccc"),
    ("CH", "nnnnncccccccccccc"),
    ("AT", "nnnnnnnnnnnnnnnn"),
    ("BE", "nnnnnnnnnnnn"),
    ("SE", "nnnnnnnnnnnnnnnnnnnn"),
    ("NO", "nnnnnnnnnnn"),
    ("PL", "nnnnnnnnnnnnnnnnnnnnnnnn"),
    ("MT", "aaaannnnncccccccccccccccccc"),
    ("KW", "aaaacccccccccccccccccccccc"),
    ("SA", "nncccccccccccccccccc"),
    ("BR", "nnnnnnnnnnnnnnnnnnnnnnnac"),
    ("TR", "nnnnnncccccccccccccccc"),
    ("LC", "aaaacccccccccccccccccccccccc"),
];

pub(super) fn iban(rng: &mut Rng) -> String {
    let (country, account) = ACCOUNTS[rng.usize(..ACCOUNTS.len())];
    let account: String = account
        .chars()
        .map(|kind| match kind {
            'n' => characters(DIGITS, 1, rng),
            'a' => characters(UPPER, 1, rng),
            _ => characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 1, rng),
        })
        .collect();
    let remainder = format!("{account}{country}00").bytes().fold(0_u32, |sum, byte| match byte {
        b'0'..=b'9' => (sum * 10 + u32::from(byte - b'0')) % 97,
        byte => (sum * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    format!("{country}{:02}{account}", 98 - remainder)
}

pub(super) fn in_fours(account: &str, rng: &mut Rng) -> String {
    let parts: Vec<&str> =
        (0..account.len()).step_by(4).map(|at| &account[at..account.len().min(at + 4)]).collect();
    parts.join(if rng.bool() { " " } else { "" })
}

fn ip(rng: &mut Rng) -> String {
    if rng.bool() {
        let ip = std::net::Ipv4Addr::new(rng.u8(1..127), rng.u8(..), rng.u8(..), rng.u8(..));
        return ip.to_string();
    }
    let mut parts = [
        0x2001_u16,
        0xdb8,
        rng.u16(..),
        rng.u16(..),
        rng.u16(..),
        rng.u16(..),
        rng.u16(..),
        rng.u16(1..),
    ];
    let zeros = rng.usize(0..5);
    parts[3..3 + zeros].fill(0);
    let ip = std::net::Ipv6Addr::from(parts);
    match rng.u8(..4) {
        0 => parts.map(|part| format!("{part:04x}")).join(":"),
        1 => ip.to_string().to_uppercase(),
        _ => ip.to_string(),
    }
}

fn header(rng: &mut Rng) -> String {
    let algorithm = pick(&["HS256", "RS256", "ES384", "none", "EdDSA"], rng);
    match rng.u8(..3) {
        0 => format!("{{\"alg\":\"{algorithm}\"}}"),
        1 => format!("{{\"typ\":\"JWT\",\"alg\":\"{algorithm}\"}}"),
        _ => format!("{{\"alg\":\"{algorithm}\",\"kid\":\"{}\"}}", characters(ALNUM, 12, rng)),
    }
}

pub(super) fn jwt(header: &str, rng: &mut Rng) -> String {
    let claims = format!("{{\"sub\":\"{}\",\"exp\":{}}}", characters(DIGITS, 8, rng), rng.u32(..));
    let signature = characters(URL_SAFE, 43, rng);
    format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

/// Letters and digits, some of each.
pub(super) fn opaque(len: usize, rng: &mut Rng) -> String {
    format!("{}7{}", characters(ALNUM, len / 2, rng), characters(ALNUM, len - len / 2 - 1, rng))
}

pub(super) fn key(rng: &mut Rng) -> String {
    match rng.u8(..13) {
        0 => format!(
            "{}{}",
            pick(&["AKIA", "ASIA"], rng),
            characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16, rng)
        ),
        1 => format!("AIza{}", characters(URL_SAFE, 34, rng) + "x"),
        2 => format!(
            "{}_{}",
            pick(&["ghp", "gho", "ghu", "ghs", "ghr"], rng),
            characters(ALNUM, 36, rng)
        ),
        3 => format!("github_pat_{}_{}", characters(ALNUM, 22, rng), characters(ALNUM, 59, rng)),
        4 => format!("glpat-{}", characters(ALNUM, 20, rng)),
        5 => format!(
            "xoxb-{}-{}-{}",
            characters(DIGITS, 12, rng),
            characters(DIGITS, 12, rng),
            characters(ALNUM, 24, rng)
        ),
        6 => format!("sk_live_{}", characters(ALNUM, 24, rng)),
        7 => format!("sk-{}T3BlbkFJ{}", characters(ALNUM, 20, rng), characters(ALNUM, 20, rng)),
        8 => format!("npm_{}", characters(ALNUM, 36, rng)),
        9 => format!("pypi-AgEIcHlwaS5vcmc{}", characters(ALNUM, 60, rng)),
        10 => format!("{}8Q~{}", characters(ALNUM, 3, rng), characters(ALNUM, 34, rng)),
        11 => format!("GOCSPX-{}", characters(ALNUM, 28, rng)),
        _ => format!("sk-proj-{}", characters(ALNUM, 48, rng)),
    }
}

pub(super) fn pem(label: &str, rng: &mut Rng) -> String {
    let line = pick(&["\n", "\\n"], rng);
    let body: Vec<String> = (0..3).map(|_| characters(ALNUM, 64, rng)).collect();
    format!("-----BEGIN {label}-----{line}{}{line}-----END {label}-----", body.join(line))
}

fn phone(rng: &mut Rng) -> Value {
    let mut group = |len| characters(DIGITS, len, rng);
    let (a, b, c, d) = (group(2), group(3), group(4), group(2));
    let (area, exchange) = (format!("{}{}", 2 + a.len() % 7, area(&a)), format!("5{}", area(&d)));
    let text = match rng.u8(..10) {
        0 => format!("+1 {area} {exchange} {c}"),
        1 => format!("({area}) {exchange}-{c}"),
        2 => format!("{area}-{exchange}-{c}"),
        3 => format!("{area}.{exchange}.{c}"),
        4 => format!("+1{area}{exchange}{c}"),
        5 => format!("+49 30 {c}{b}"),
        6 => format!("+44 20 7{b} {c}"),
        7 => format!("+33 6 {a} {d} {} {}", &c[..2], &c[2..]),
        8 => format!("+86 138 {c} {}", &format!("{b}{a}")[..4]),
        _ => {
            let before = pick(&["phone ", "tel: ", "mobile ", "call "], rng);
            return Value { before, text: format!("{area}{exchange}{c}"), after: "" };
        }
    };
    text.into()
}

/// Two digits that are not `11`.
fn area(digits: &str) -> &str {
    if digits == "11" { "12" } else { digits }
}

fn named(rng: &mut Rng) -> Value {
    let before = pick(
        &[
            "password=",
            "password: ",
            "api_key=",
            "\"secret\":\"",
            "token: ",
            "--password ",
            "x-api-key: ",
            "client_secret=",
            "pwd=",
        ],
        rng,
    );
    let text = format!("{}{}", characters(LOWER, 4, rng), characters(DIGITS, 4, rng));
    Value { before, text, after: "" }
}

fn user_info(rng: &mut Rng) -> Value {
    let before = pick(&["postgres://", "https://", "redis://", "amqp://"], rng);
    Value {
        before,
        text: format!("{}:{}", characters(LOWER, 5, rng), opaque(9, rng)),
        after: "@db.example/x",
    }
}
