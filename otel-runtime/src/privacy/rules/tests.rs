//! Are rules of an organisation's own read as gitleaks reads them, and refused where they cannot hold?

use super::*;
use crate::privacy::{Mode, Redacted, Redactor};

fn left(rules: &str, text: &str) -> String {
    let rules = Rules::parse("acme.toml", rules).expect("rules");
    match Redactor::new(Mode::Secrets).rules(rules).redact("note", text) {
        Redacted::Kept => text.to_owned(),
        Redacted::Replaced(text) => text,
        Redacted::Dropped => "dropped".to_owned(),
    }
}

#[test]
fn a_rule_finds_its_group_or_its_whole_match() {
    let rule =
        |more: &str, regex: &str| format!("[[rules]]\nid = 'acme'\nregex = '''{regex}'''\n{more}");
    for (more, regex, found) in [
        ("", "acme-[0-9]+", "see [credential] now"),
        ("", "acme-([0-9]+)", "see acme-[credential] now"),
        ("", "acme-(?:(x)|([0-9]+))", "see acme-[credential] now"),
        ("secretGroup = 2", "(a)cme-([0-9]+)", "see acme-[credential] now"),
        ("keywords = ['ACME']", "acme-[0-9]+", "see [credential] now"),
        ("keywords = ['other']", "acme-[0-9]+", "see acme-4711 now"),
        ("entropy = 1.2", "acme-([0-9]+)", "see acme-[credential] now"),
        ("entropy = 2", "acme-([0-9]+)", "see acme-4711 now"),
        ("class = 'acme:staff'", "acme-[0-9]+", "see [acme:staff] now"),
        ("class = 'public'", "acme-[0-9]+", "see acme-4711 now"),
        (
            "path = '''\\.env$'''\ntags = ['x']\ndescription = 'x'",
            "acme-[0-9]+",
            "see [credential] now",
        ),
    ] {
        assert_eq!(left(&rule(more, regex), "see acme-4711 now"), found, "{more} {regex}");
    }
}

#[test]
fn what_is_excepted_leaves() {
    let rule = "[[rules]]\nid = 'acme'\nregex = '''acme-([a-z0-9]+)'''\n";
    for (exceptions, leaves) in [
        ("[rules.allowlist]\nstopwords = ['EXAMPLE']", true),
        ("[[rules.allowlists]]\nregexes = ['''^example''']", true),
        ("[[rules.allowlists]]\nregexes = ['''^acme''']", false),
        ("[[rules.allowlists]]\nregexTarget = 'match'\nregexes = ['''^acme''']", true),
        ("[[rules.allowlists]]\nregexTarget = 'line'\nregexes = ['''^see ''']", true),
        ("[[rules.allowlists]]\nregexTarget = 'line'\nregexes = ['''^before''']", false),
        (
            "[[rules.allowlists]]\ncondition = 'AND'\nregexes = ['''^example''']\nstopwords = ['7']",
            true,
        ),
        (
            "[[rules.allowlists]]\ncondition = 'AND'\nregexes = ['''^example''']\nstopwords = ['8']",
            false,
        ),
        (
            "[[rules.allowlists]]\ncondition = 'OR'\nregexes = ['''^other''']\nstopwords = ['7']",
            true,
        ),
        ("[[rules.allowlists]]\npaths = ['''.*x''']", false),
        (
            "[[rules.allowlists]]\ncondition = 'AND'\npaths = ['''.*x''']\nstopwords = ['example']",
            false,
        ),
        ("[allowlist]\nstopwords = ['example']", true),
        ("[[allowlists]]\nstopwords = ['other']", false),
    ] {
        let text = "before\nsee acme-example7 now";
        let expected =
            if leaves { text.to_owned() } else { text.replace("example7", "[credential]") };
        assert_eq!(left(&format!("{rule}{exceptions}"), text), expected, "{exceptions}");
    }
}

#[test]
fn what_cannot_hold_is_refused_with_its_file_its_rule_its_line_and_what_to_write() {
    for (text, rule, line, remedy) in [
        ("[[rules]]\nid = 'a'\nregex = '''(?=x)y'''", Some("a"), 3, "linear time"),
        ("[[rules]]\nid = 'a'\nregex = '''(x)\\1'''", Some("a"), 3, "linear time"),
        ("[[rules]]\nid = 'a'\nregex = '''(x'''", Some("a"), 3, "unclosed group"),
        ("[[rules]]\nid = 'a'\nregex = '''x*'''", Some("a"), 3, "empty text"),
        ("[[rules]]\nid = 'a'\nregex = '''(\\w{500}){500}'''", Some("a"), 3, "2 MiB"),
        ("[[rules]]\nregex = 'x'", None, 2, "id"),
        ("[[rules]]\nid = 'a'", Some("a"), 1, "regex"),
        (
            "title = 'x'\n[[rules]]\nid = 'a'\nregex = 'x'\nregx = 'x'",
            Some("a"),
            5,
            "leave regx out",
        ),
        ("[[rules]]\nid = 'a'\nregex = 'x'\nsecretGroup = 1", Some("a"), 4, "at most 0"),
        ("[[rules]]\nid = 'a'\nregex = 'x'\nsecretGroup = 'one'", Some("a"), 4, "number"),
        ("[[rules]]\nid = 'a'\nregex = 'x'\nentropy = 9", Some("a"), 4, "0 to 8"),
        ("[[rules]]\nid = 'a'\nregex = 'x'\nclass = 'contcat'", Some("a"), 4, "`contact`"),
        ("[[rules]]\nid = 'a'\nregex = 'x'\nkeywords = 'x'", Some("a"), 4, "list"),
        (
            "[[rules]]\nid = 'a'\nregex = 'x'\n[[rules]]\nid = 'a'\nregex = 'y'",
            Some("a"),
            4,
            "another id",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'x'\n[rules.allowlist]\nregexes = ['(?!x)']",
            Some("a"),
            5,
            "linear",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'x'\n[rules.allowlist]\nregexTarget = 'file'",
            Some("a"),
            5,
            "secret, match, line",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'x'\n[rules.allowlist]\ncondition = 'XOR'",
            Some("a"),
            5,
            "OR or AND",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'x'\n[rules.allowlist]\nwords = []",
            Some("a"),
            5,
            "leave words out",
        ),
        ("[extend]\nuseDefault = true", None, 1, "leave extend out"),
        ("rule = 1", None, 1, "leave rule out"),
        ("rules = 1", None, 1, "[[rules]]"),
        ("[[rules]]\nid = ", None, 2, "TOML"),
    ] {
        let error = Rules::parse("acme.toml", text).expect_err(text);
        assert_eq!(
            (error.file(), error.rule(), error.line()),
            (Some("acme.toml"), rule, Some(line)),
            "{text}"
        );
        assert!(error.remedy().contains(remedy), "{text}: {error}");
        assert!(error.to_string().starts_with("acme.toml, line "), "{error}");
    }
}

#[test]
fn a_rule_that_finds_very_much_ends_in_finding_all_of_it() {
    let rule = "[[rules]]\nid = 'acme'\nregex = '''[a-z]'''";
    let found = left(rule, &"a 1 ".repeat(1_000));
    assert!(!found.contains('a') || found.contains("[credential]"));
    assert!(found.len() < 2_000, "{}", found.len());
}

#[test]
fn a_pattern_about_ascii_takes_whole_characters_and_others_are_about_unicode() {
    let rule = |regex: &str| format!("[[rules]]\nid = 'acme'\nregex = '''{regex}'''");
    for (regex, text, found) in [
        ("no [^ ]", "no ßa", "[credential]a"),
        ("Straße", "Hauptstraße 7, Straße 8", "Hauptstraße 7, [credential] 8"),
        ("(?i)STRAßE", "straße", "[credential]"),
        (r"no [äöü]+", "no äöü7", "[credential]7"),
    ] {
        assert_eq!(left(&rule(regex), text), found, "{regex}");
    }
}

#[test]
fn a_file_of_gitleaks_own_is_read() {
    // As in its default configuration: a rule for names of files, a list of files that are passed over.
    let rules = Rules::parse(
        "gitleaks.toml",
        r#"
        title = "gitleaks config"
        minVersion = "v8.25.0"
        [allowlist]
        description = "global allow lists"
        paths = ['''gitleaks\.toml''']
        regexes = ['''(?i)^true|false|null$''']
        stopwords = ["abcdefghijklmnopqrstuvwxyz"]
        [[rules]]
        id = "adafruit-api-key"
        description = "Identified a potential Adafruit API Key."
        regex = '''(?i)[\w.-]{0,50}?(?:adafruit)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9_-]{32})(?:[\x60'"\s;]|\\[nr]|$)'''
        keywords = ["adafruit"]
        [[rules]]
        id = "pkcs12-file"
        description = "Found a PKCS #12 file."
        path = '''(?i)(?:^|\/)[^\/]+\.p(?:12|fx)$'''
        "#,
    )
    .expect("rules");
    assert_eq!(rules.len(), 1);
}
