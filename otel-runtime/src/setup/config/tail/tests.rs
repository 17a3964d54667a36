use super::parse::parse;
use crate::sampling::tail::TailPolicy;

fn read(text: &str) -> TailPolicy {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Texts, and how each is shown; nothing where it is shown as it is.
const TEXTS: [(&str, &str); 36] = [
    ("error, slower=250ms, ratio=0.05", ""),
    ("error,slower=250ms,ratio=0.05", "error, slower=250ms, ratio=0.05"),
    ("production", "error, slower=1s, ratio=0.05"),
    ("error, ratio=0", ""),
    ("keep", ""),
    ("span(root, slower=250ms)", ""),
    ("span(error)", "error"),
    ("span(slower=900us, not(slower=5s))", ""),
    ("no_span(error) => ratio=0.1", ""),
    ("every_span(kind=server|client)", ""),
    ("span(http.route=/a*, http.route!=/a/b)", ""),
    ("span(route=/healthz)", "http.route=/healthz"),
    ("path=/a*|/b*", "url.path=/a*|/b*"),
    ("tenant.id==7|a*", ""),
    ("\"tenant\"=a", ""),
    ("customer=a", "\"customer\"=a"),
    ("http.response.status_code>=500", ""),
    ("span(http.response.status_code>=500, http.response.status_code<600)", ""),
    (
        "span(http.response.status_code<600, http.response.status_code>=500)",
        "span(http.response.status_code>=500, http.response.status_code<600)",
    ),
    ("span(any(error, all(a.b>1, a.b<=2)))", ""),
    ("span(any(a.b=x, not(a.b==y)))", ""),
    ("name=GET *|\"a, b\"", ""),
    ("spans=10, spans=3..5 => rate=10", ""),
    ("lasts=5s", ""),
    ("lasts=1s..5s", ""),
    ("all(error, slower=1s)", ""),
    ("any(error, all(lasts=1s, not(spans=10)))", ""),
    ("not(span(error, kind=server))", ""),
    (
        "drop(all(span(root, route=/healthz), no_span(error))), keep",
        "drop(all(span(root, http.route=/healthz), no_span(error))), keep",
    ),
    ("drop(parent=local), error", ""),
    ("error => rate=100 burst=50 refuse_larger", ""),
    ("rate=0.5", ""),
    ("bytes=1000000 burst=5000000", ""),
    (
        "named(slow, slower=1s => ratio=0.5), named(probes, drop(root)), keep",
        "named(probes, drop(root)), named(slow, slower=1s => ratio=0.5), keep",
    ),
    ("a.b=\"x => y\", ratio=1", ""),
    ("parent=none|local|remote", ""),
];

#[test]
fn what_a_policy_is_shown_as_is_the_same_policy() {
    for (text, shown) in TEXTS {
        let policy = read(text);
        let expected = if shown.is_empty() { text } else { shown };
        assert_eq!(policy.to_string(), expected);
        assert_eq!(read(expected), policy, "{text}");
    }
}

#[test]
fn a_mistake_is_told_at_its_place_with_what_to_write() {
    for (text, told) in [
        ("errr", "at character 1, there is no condition errr: did you mean error? Known are "),
        ("error, slowr=1s", "at character 8, there is no condition slowr: did you mean slower?"),
        ("", "at character 1, write a condition, such as error"),
        ("error,", "at character 7, write a condition"),
        ("error ratio=1", "at character 7, this is left over"),
        ("slower", "at character 1, write = and a value, or a bracket, behind slower"),
        ("slower=250", "at character 8, write a time, such as 10s or 500ms"),
        ("slower=0ms", "at character 1, keep[0].slower is 0: write a time of more than 0"),
        ("error, slower=0s", "at character 8, keep[1].slower is 0"),
        ("ratio=x", "at character 7, write a number from 0 to 1"),
        ("error, ratio=2", "at character 8, keep[1].ratio is 2: write a number from 0 to 1"),
        ("ratio=0", "at character 1, keep is empty: nothing would ever be kept"),
        ("drop(error)", "at character 1, keep is empty"),
        ("drop(error, slower=1s), keep", "at character 11, drop takes one condition"),
        ("error, drop(error)", "at character 1, keep[0] is never reached: drop[0] decides"),
        ("rate=0", "at character 1, keep[0].rate is 0: write how many a second"),
        ("rate=10 burts=5", "at character 9, a rate knows no burts: did you mean burst?"),
        ("rate=10 burst=0", "at character 1, keep[0].rate.burst is 0"),
        ("error => x", "at character 10, write what is kept of them: keep, ratio=0.1"),
        ("not(error)", "at character 1, say of which spans: no_span(error) where"),
        ("url.path!=/a", "at character 1, say of which spans: span(key!=value)"),
        ("all(error, url.path!=/a)", "at character 12, say of which spans"),
        ("span(error", "at character 11, close the bracket"),
        ("span()", "at character 6, write a condition"),
        ("kind=servr", "at character 6, there is no kind servr: did you mean server?"),
        ("parent=root", "at character 8, there is no parent root"),
        ("spans=0", "at character 1, keep[0].spans is 0"),
        ("spans=5..3", "at character 1, keep[0].spans is 5..3"),
        ("spans=x", "at character 7, write how many spans at least"),
        ("a.b>=x", "at character 6, write a number"),
        ("a.b", "at character 1, there is no condition a.b"),
        ("\"error\"", "at character 8, write = and a value behind"),
        ("span(error, not(error))", "at character 1, keep[0].all[1] is a contradiction"),
        ("slower=1s, slower=2s", "at character 12, keep[1] is never reached: keep[0] decides"),
        ("named(a b, error)", "at character 1, keep[0].name is \"a b\": write 1 to 40"),
        ("named(a, error), named(a, keep)", "keep[0].name is \"a\": another rule has this name"),
    ] {
        let error = parse(text).expect_err(text).to_string();
        assert!(error.contains(told), "{text}:\n{error}\n{told}");
    }
}

#[test]
fn no_text_is_too_deep_or_too_long_and_none_panics() {
    for opening in ["span(all(", "not(", "span(not(", "any("] {
        let deep = format!("{}error", opening.repeat(1000));
        assert!(parse(&deep).is_err());
    }
    let deep = format!("span({}error{})", "any(".repeat(1000), ")".repeat(1000));
    assert!(parse(&deep).expect_err("deep").to_string().contains("more than 16"));
    let long = "error, ".repeat(20_000);
    assert!(parse(&long).expect_err("long").to_string().contains("too long"));

    let mut random = fastrand::Rng::with_seed(21);
    let pieces = [
        "span(",
        "no_span(",
        "every_span(",
        "all(",
        "any(",
        "not(",
        "named(",
        "drop(",
        ")",
        ")",
        ",",
        ",",
        "=>",
        "=",
        "==",
        "!=",
        ">=",
        "<",
        "|",
        "\"",
        "\\",
        "error",
        "slower=1s",
        "ratio=.5",
        "rate=5",
        "keep",
        "root",
        "name=a*",
        "a.b=x",
        "a.b>1",
        "a.b<9",
        "ü",
        " ",
        "spans=2",
        "lasts=1s",
        "lasts=1s..2s",
        "kind=server",
        "burst=3",
    ];
    let mut taken = 0;
    for _ in 0..100_000 {
        let text: String =
            (0..random.usize(1..12)).map(|_| pieces[random.usize(..pieces.len())]).collect();
        if let Ok(policy) = parse(&text) {
            taken += 1;
            let shown = policy.to_string();
            assert_eq!(parse(&shown).as_ref(), Ok(&policy), "{text}\n{shown}");
        }
    }
    assert!(taken > 100, "{taken}");
}
