//! What only looks like a value of a kind, because it breaks a rule that has to be checked?

use fastrand::Rng;

use super::values::{card, email, grouped_card, iban, in_fours, jwt, key, pem, with_check_digit};
use super::{ALNUM, DIGITS, LOWER, Value, characters, pick};

pub(super) fn near_miss(kind: &str, rng: &mut Rng) -> Value {
    match kind {
        "email" => not_email(rng).into(),
        "card" => not_card(rng),
        "ssn" => not_ssn(rng),
        "iban" => not_iban(rng).into(),
        "ip" => not_ip(rng),
        "jwt" => not_jwt(rng).into(),
        "bearer" => pick(
            &[
                "the bearer of news",
                "Bearer authentication",
                "Bearer token missing",
                "Bearer realm=\"shop\"",
                "Bearer: none",
            ],
            rng,
        )
        .to_owned()
        .into(),
        "cloud" => not_key(rng).into(),
        "pem" => pem(
            pick(&["PUBLIC KEY", "CERTIFICATE", "RSA PUBLIC KEY", "CERTIFICATE REQUEST"], rng),
            rng,
        )
        .into(),
        "phone" => not_phone(rng).into(),
        "named" => pick(
            &[
                "token: expired",
                "password: ***",
                "password=${PASSWORD}",
                "max_tokens=512",
                "token_type=Bearer",
                "primary_key=7",
                "author=ada",
                "password reset sent",
                "monkey=banana",
                "secret: [REDACTED]",
            ],
            rng,
        )
        .to_owned()
        .into(),
        "user_info" => pick(
            &[
                "https://shop.example/@ada",
                "https://shop.example:8080/x",
                "ssh://git@code.example/x",
                "amqp://queue:5672/x",
            ],
            rng,
        )
        .to_owned()
        .into(),
        kind => unreachable!("{kind} is none of the kinds"),
    }
}

fn not_email(rng: &mut Rng) -> String {
    let good = email(rng);
    let (local, host) = good.split_once('@').expect("an address");
    match rng.u8(..6) {
        // No dot; a last label of one letter; an empty label; one that begins with a hyphen; nobody; digits at the end.
        0 => format!("{local}@{}", host.split('.').next().unwrap_or_default()),
        1 => format!("{local}@{}.c", host.split('.').next().unwrap_or_default()),
        2 => format!("{local}@{}", host.replacen('.', "..", 1)),
        3 => format!("{local}@-{host}"),
        4 => format!("@{host}"),
        _ => format!("{local}@{}.{}.{}", rng.u8(..), rng.u8(..), rng.u8(..)),
    }
}

fn not_card(rng: &mut Rng) -> Value {
    let good = card(rng);
    match rng.u8(..5) {
        // The check digit.
        0 | 1 => {
            let (digits, last) = good.split_at(good.len() - 1);
            let last: u8 = last.parse().expect("a digit");
            grouped_card(&format!("{digits}{}", (last + rng.u8(1..10)) % 10), rng).into()
        }
        // The issuer.
        2 => {
            let prefix = pick(&["1", "0", "7", "9", "80"], rng);
            grouped_card(
                &with_check_digit(&format!(
                    "{prefix}{}",
                    characters(DIGITS, 15 - prefix.len(), rng)
                )),
                rng,
            )
            .into()
        }
        // The length.
        3 => with_check_digit(&format!("4{}", characters(DIGITS, 22, rng))).into(),
        // What it is said to be.
        _ => Value {
            before: pick(&["order_id=", "id: ", "traceId=", "invoice ", "ref="], rng),
            text: good,
            after: "",
        },
    }
}

fn not_ssn(rng: &mut Rng) -> Value {
    let (area, group, serial) = (rng.u16(1..600), rng.u8(1..100), rng.u16(1..10_000));
    match rng.u8(..6) {
        0 => format!("{}-{group:02}-{serial:04}", pick(&["000", "666"], rng)).into(),
        1 => format!("9{:02}-{group:02}-{serial:04}", rng.u8(..100)).into(),
        2 => format!("{area:03}-00-{serial:04}").into(),
        3 => format!("{area:03}-{group:02}-0000").into(),
        4 => format!("{area:03}{group:02}{serial:04}").into(),
        _ => Value {
            before: "ssn of a customer who has ordered some things from us: ",
            text: format!("{area:03}{group:02}{serial:04}"),
            after: "",
        },
    }
}

fn not_iban(rng: &mut Rng) -> String {
    let good = iban(rng);
    let (country, rest) = good.split_at(2);
    let (check, account) = rest.split_at(2);
    let check: u8 = check.parse().expect("two digits");
    let bad = match rng.u8(..3) {
        // The remainder, the country, the length.
        0 => format!("{country}{:02}{account}", (check + rng.u8(1..96)) % 97),
        1 => format!("{}{check:02}{account}", pick(&["ZZ", "US", "XX", "QQ"], rng)),
        _ => good[..good.len() - 1].to_owned(),
    };
    in_fours(&bad, rng)
}

fn not_ip(rng: &mut Rng) -> Value {
    let mut octet = || rng.u8(1..);
    let (a, b, c, d) = (octet(), octet(), octet(), octet());
    match rng.u8(..8) {
        0 => format!("{}.{b}.{c}.{d}", 256 + u16::from(a)).into(),
        1 => format!("{a}.{b}.{c}.{}", 256 + u16::from(d)).into(),
        2 => format!("{a}.{b}.{c}.{d}.{a}").into(),
        3 => format!("{a}.{b}.{c}").into(),
        4 => Value {
            before: pick(&["Chrome/", "nginx/", "lib/"], rng),
            text: format!("{a}.{b}.{c}.{d}"),
            after: "",
        },
        5 => format!("2001:db8:{a:x}:{b:x}:{c:x}:{d:x}:{a:x}").into(),
        6 => format!("2001:db8::{a:x}::{b:x}").into(),
        _ => format!("12:{:02}:{:02}", a % 60, b % 60).into(),
    }
}

fn not_jwt(rng: &mut Rng) -> String {
    match rng.u8(..4) {
        // No header of a token, none that is whole, none in base64; no signature.
        0 => jwt("{\"sub\":\"1234\"}", rng),
        1 => jwt("{\"alg\":\"HS256\",", rng),
        2 => jwt("{\"alg\":\"HS256\"}", rng).replacen("eyJ", "eyJ!", 1),
        _ => jwt("{\"alg\":\"HS256\"}", rng).split('.').take(2).collect::<Vec<_>>().join("."),
    }
}

fn not_key(rng: &mut Rng) -> String {
    match rng.u8(..7) {
        0 => format!("AKIA{}", characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 11, rng)),
        1 => format!("AKIA{}189", characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 13, rng)),
        2 => format!("ghp_{}", characters(ALNUM, 20, rng)),
        3 => format!("AIza{}", characters(ALNUM, 20, rng)),
        4 => format!("npm_{}", characters(ALNUM, 12, rng)),
        5 => format!("sk_live_{}", characters(ALNUM, 6, rng)),
        _ => key(rng)[..7].to_owned(),
    }
}

fn not_phone(rng: &mut Rng) -> String {
    let mut group = |len| characters(DIGITS, len, rng);
    let (b, c, d) = (group(2), group(4), group(3));
    match rng.u8(..7) {
        // Area, exchange, country, length; a date; an id; a number in a name.
        0 => format!("1{b}-5{b}-{c}"),
        1 => format!("4{b}-1{b}-{c}"),
        2 => format!("+999 {d} {c}"),
        3 => format!("+1 4{b} {c}"),
        4 => format!("2026-0{}-1{}", rng.u8(1..10), rng.u8(..10)),
        5 => format!("{}{d}{c}{d}", pick(&["4", "7"], rng)),
        _ => format!("{}-{c}{d}", characters(LOWER, 4, rng)),
    }
}
