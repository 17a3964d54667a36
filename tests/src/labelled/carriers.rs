//! What does a value stand in?

use fastrand::Rng;

use super::{Case, Value, pick};

/// `{}` is the value. Each is a whole text, of a service that is not ours.
const CARRIERS: &[&str] = &[
    "{}",
    "{}.",
    "({})",
    "\"{}\"",
    "'{}'",
    "<{}>",
    "we received {} from the caller",
    "could not process {}, giving up after 3 attempts",
    "Die Anfrage mit {} wurde abgelehnt.",
    "значение {} не принято",
    "收到{}后处理失败",
    "ค่า{}ไม่ถูกต้อง",
    "value\u{a0}{}\u{a0}rejected",
    "validation failed: {}; retrying",
    "{} was rejected by the upstream service (code 422)",
    "first line\n{}\nlast line",
    "{\"input\":\"{}\",\"attempt\":3}",
    "{\"data\": {\"value\": \"{}\"}}",
    "{\\\"input\\\":\\\"{}\\\"}",
    "{input: '{}', ok: false}",
    "SELECT * FROM things WHERE value = '{}' LIMIT 10",
    "INSERT INTO log (line) VALUES ('seen {} twice')",
    "UPDATE t SET v = \"{}\" WHERE n = 7",
    "2026-05-01T12:30:45.123Z WARN shop::checkout: input={} rejected",
    "level=info msg=\"got {} here\" took=12ms",
    "[worker-3] input {} -> retry 2/5",
    "Request { input: \"{}\", attempt: 3 }",
    "Err(Invalid(\"{}\"))",
    "a,b,{},d",
    "a;{};c",
    "| input | {} |",
    "<value>{}</value>",
    "thread 'main' panicked at src/main.rs:7:5:\nbad input: {}",
];

/// Those that only fit what may stand in a URL.
const URLS: &[&str] = &[
    "https://shop.example/search?q={}",
    "https://shop.example/search?q={}&page=2",
    "GET /search?page=2&q={} HTTP/1.1",
    "http://shop.example/find/{}",
    "/find?value={}#top",
];

pub(super) fn carry(kind: &'static str, value: &Value, is_value: bool, rng: &mut Rng) -> Case {
    let fits = value.text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>".contains(&byte))
        && value.before.is_empty();
    // A path after `/` is not where an address is meant.
    let carrier = if fits && kind != "ip" && rng.u8(..6) == 0 {
        pick(URLS, rng)
    } else {
        pick(CARRIERS, rng)
    };
    // What holds quotes or lines stands in what quotes it.
    let carrier =
        if value.text.contains(['"', '\n']) { pick(&CARRIERS[6..14], rng) } else { carrier };
    let (start, end) = carrier.split_once("{}").expect("each has a place");
    let start = format!("{start}{}", value.before);
    let range = start.len()..start.len() + value.text.len();
    Case {
        kind,
        text: format!("{start}{}{}{end}", value.text, value.after),
        value: is_value.then_some(range),
    }
}
