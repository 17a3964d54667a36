//! What becomes of one value, and of one key?
//!
//! Nearly every value is harmless, so a first look decides what all of this costs: only what it suspects is looked at
//! closely.

use super::Redactor;
use std::borrow::Cow;

use super::cut::{self, Cut};
use super::key::KeyRule;
use super::merge::merge;
use super::place::Place;
use super::redacted::Redacted;
use crate::privacy::actions::Outcome;
use crate::privacy::class::Class;
use crate::privacy::detect::Finding;
use crate::privacy::mode::Mode;
use crate::privacy::{http, sql};
use crate::process::unwind::caught;

impl Redactor {
    /// What this key says of its value, and what leaves in place of the key.
    pub(crate) fn key(&self, key: &str) -> KeyRule {
        KeyRule {
            key: self.text(Place::Key, key),
            passes: self.mode != Mode::AllowList || self.allow.has(key),
            is_secret: !self.is_off() && self.scanner.is_secret_name(key),
            is_of_http: http::has_rule(key),
        }
    }

    /// What becomes of a text.
    #[inline]
    pub(crate) fn text(&self, place: Place<'_>, text: &str) -> Redacted {
        // An empty name or text says nothing, whatever is listed.
        let says_nothing = text.is_empty() && place.key().is_none();
        if self.is_off() || says_nothing || !self.is_suspect(place, text) {
            return Redacted::Kept;
        }
        self.settle(caught(|| self.closely(place, text)))
    }

    /// What becomes of a number.
    #[inline]
    pub(crate) fn number(&self, place: Place<'_>, number: i64) -> Redacted {
        /// Up to here, a number is nothing but a secret whose key says so.
        const SHORT: u64 = 1_000_000;
        let is_suspect = number.unsigned_abs() >= SHORT
            || matches!(place, Place::Attribute { rule, .. } if rule.is_secret || !rule.passes)
            || self.has_own();
        if self.is_off() || !is_suspect {
            return Redacted::Kept;
        }
        let closely = || {
            if self.must_stay(place) {
                return self.unlisted(place);
            }
            let text = number.to_string();
            let mut found = Vec::new();
            found.extend(self.scanner.scan_number(place.key(), number));
            self.own(place, &text, &mut found);
            self.apply(place, &Cut::new(&text), &mut found)
        };
        self.settle(caught(closely))
    }

    /// What becomes of a number that may have a fraction: one without is looked at as if it were a whole number.
    #[inline]
    pub(crate) fn float(&self, place: Place<'_>, number: f64) -> Redacted {
        /// Up to here, a whole number is exact.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if number.fract() == 0.0 && number.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole, and small enough")]
            return self.number(place, number as i64);
        }
        self.plain(place)
    }

    /// What becomes of any other value: of a boolean, of what is no number.
    pub(crate) fn plain(&self, place: Place<'_>) -> Redacted {
        if self.must_stay(place) { self.settle(Ok(self.unlisted(place))) } else { Redacted::Kept }
    }

    /// Whether a text needs a closer look: the only step that every text takes.
    #[inline]
    fn is_suspect(&self, place: Place<'_>, text: &str) -> bool {
        let by_key = match place {
            Place::Attribute { key, rule, .. } => {
                rule.is_secret
                    || !rule.passes
                    || rule.is_of_http
                    || sql::may_change(Some(key), text)
            }
            Place::Name { .. } | Place::Status | Place::Body => sql::may_change(None, text),
            Place::Member | Place::Key | Place::Baggage | Place::Line => false,
        };
        by_key
            || self.scanner.suspects(text)
            || self.has_own()
            || self.must_stay(place)
            || Cut::new(text).is_cut()
    }

    /// Whether there are rules or detectors of the program's.
    #[inline]
    fn has_own(&self) -> bool {
        !self.rules.is_empty() || !self.detectors.is_empty()
    }

    /// Whether what stands here stays behind, whatever it is.
    #[inline]
    fn must_stay(&self, place: Place<'_>) -> bool {
        self.mode == Mode::AllowList
            && match place {
                Place::Attribute { rule, .. } => !rule.passes,
                Place::Name { is_static, .. } => !is_static,
                Place::Status => true,
                Place::Member | Place::Key | Place::Baggage | Place::Body | Place::Line => false,
            }
    }

    fn closely(&self, place: Place<'_>, text: &str) -> Redacted {
        if self.must_stay(place) {
            return self.unlisted(place);
        }
        let (ruled, class) = ruled(place, text);
        let cut = Cut::new(&ruled);
        let mut found = Vec::new();
        let is_secret = matches!(place, Place::Attribute { rule, .. } if rule.is_secret);
        let scanned = self.scanner.scan_value(place.key(), is_secret, cut.looked_at, &mut found);
        let cut = cut.at_most(scanned);
        self.own(place, cut.looked_at, &mut found);
        let redacted = self.apply(place, &cut, &mut found);
        if let Some(class) = class {
            self.note(place, class);
            if redacted.is_kept() {
                return Redacted::Replaced(ruled.into_owned());
            }
        }
        redacted
    }

    fn own(&self, place: Place<'_>, text: &str, found: &mut Vec<Finding>) {
        let of_rules = self.rules.find(text).into_iter();
        found.extend(of_rules.map(|(range, class)| Finding::new(range, class, "rule")));
        for detector in &self.detectors {
            detector.detect(place.key(), text, found);
        }
    }

    fn unlisted(&self, place: Place<'_>) -> Redacted {
        self.note(place, Class::Unknown);
        Redacted::Dropped
    }

    /// Carries out what is to be done with the findings.
    fn apply(&self, place: Place<'_>, cut: &Cut<'_>, found: &mut Vec<Finding>) -> Redacted {
        let text = cut.looked_at;
        merge(found, |a, b| self.actions.stricter(a, b));
        let key = place.called();
        let (mut out, mut from, mut is_changed) = (String::new(), 0, false);
        for Finding { range, class, .. } in found.drain(..) {
            if range.start >= cut.leaves {
                break;
            }
            let (Some(before), Some(value)) =
                (text.get(from..range.start), text.get(range.clone()))
            else {
                return Redacted::Dropped;
            };
            // By `hash(x)`, under a name of a secret.
            if self.actions.is_hash(value) {
                continue;
            }
            match self.actions.apply(class, key, value) {
                Outcome::Keep => {}
                Outcome::Replace(other) if other != value => {
                    self.note(place, class);
                    // As much as is likely, at once.
                    out.reserve(text.len());
                    out.push_str(before);
                    out.push_str(&other);
                    (from, is_changed) = (range.end, true);
                }
                // What was found and is to change does not leave as it is.
                Outcome::Replace(_) | Outcome::Drop => {
                    self.note(place, class);
                    return Redacted::Dropped;
                }
            }
        }
        if !is_changed && !cut.is_cut() {
            return Redacted::Kept;
        }
        out.push_str(text.get(from..cut.leaves).unwrap_or_default());
        if cut.is_cut() {
            out.push(cut::CUT);
        }
        Redacted::Replaced(out)
    }

    fn note(&self, place: Place<'_>, class: Class) {
        self.counts.found(class);
        if self.is_dry {
            self.counts.name(place.told(), class);
        }
    }

    /// In a dry run nothing changes; and a panic costs the value.
    fn settle(&self, redacted: Result<Redacted, String>) -> Redacted {
        match redacted {
            Ok(_) if self.is_dry => Redacted::Kept,
            Ok(redacted) => redacted,
            // The message may hold the value, and is told nobody.
            Err(_) => {
                self.counts.failed();
                if self.is_dry { Redacted::Kept } else { Redacted::Dropped }
            }
        }
    }
}

/// What leaves of a text by what is known of databases and of HTTP, before anything is looked for in it; and of which
/// class is what does not.
fn ruled<'t>(place: Place<'_>, text: &'t str) -> (Cow<'t, str>, Option<Class>) {
    let (key, system) = match place {
        Place::Attribute { key, system, .. } => (Some(key), system),
        Place::Name { .. } | Place::Status | Place::Body => (None, None),
        Place::Member | Place::Key | Place::Baggage | Place::Line => return (text.into(), None),
    };
    // What a literal is, nobody can say.
    let without = sql::redact(key, text, system);
    if without != text {
        return (without.into_owned().into(), Some(Class::Unknown));
    }
    match key.map(|key| http::redact(key, text)) {
        Some(other) if other != text => (other.into_owned().into(), Some(Class::Credential)),
        _ => (text.into(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::{Actions, HashKeys};

    fn left(mode: Mode, key: &str, text: &str) -> String {
        match Redactor::new(mode).redact(key, text) {
            Redacted::Kept => text.to_owned(),
            Redacted::Replaced(text) => text,
            Redacted::Dropped => "dropped".to_owned(),
        }
    }

    #[test]
    fn a_statement_loses_its_literals_under_any_key_and_in_any_mode_but_off() {
        let statement = "SELECT * FROM users WHERE email = 'ada'";
        for mode in Mode::ALL {
            let expected =
                if mode == Mode::Off { statement } else { "SELECT * FROM users WHERE email = ?" };
            for key in ["code.query", "otel.db.statement", "error.type"] {
                assert_eq!(left(mode, key, statement), expected, "{mode} {key}");
            }
        }
        for key in
            ["db.query.text", "db.statement", "db.query.summary", "note", "exception.message"]
        {
            assert_eq!(left(Mode::Secrets, key, statement), "SELECT * FROM users WHERE email = ?");
        }
        assert_eq!(left(Mode::Secrets, "db.query.parameter.0", "ada"), "?");
        let parameterised = "SELECT name FROM users WHERE id = $1 LIMIT 10";
        assert_eq!(left(Mode::Secrets, "db.query.text", parameterised), parameterised);
    }

    #[test]
    fn a_name_or_a_status_with_a_statement_in_it_loses_its_literals() {
        let redactor = Redactor::new(Mode::Secrets);
        for place in [Place::Name { of: "span.name", is_static: false }, Place::Status] {
            let text = "failed: INSERT INTO users VALUES ('ada', 7";
            let Redacted::Replaced(left) = redactor.text(place, text) else { panic!("kept") };
            assert!(left.starts_with("failed: INSERT INTO users VALUES (?"), "{left}");
            assert!(!left.contains("ada"));
        }
        assert_eq!(redactor.stats().unknown, 2);
    }

    #[test]
    fn what_http_knows_as_a_login_does_not_leave() {
        for (key, text, expected) in [
            (
                "url.full",
                "https://ada:pw@shop.example/?sig=abc&q=1",
                "https://REDACTED:REDACTED@shop.example/?sig=REDACTED&q=1",
            ),
            ("http.request.header.x-tenant", "blue", "blue"),
        ] {
            assert_eq!(left(Mode::Secrets, key, text), expected);
        }
        for key in ["http.request.header.cookie", "http.request.header.authorization"] {
            assert!(
                !left(Mode::Secrets, key, "session=abcdef0123").contains("abcdef0123"),
                "{key}"
            );
        }
    }

    #[test]
    fn a_text_is_looked_at_before_and_behind_what_was_taken_out_of_it() {
        let text = "SELECT 'ada' -- password=hunter2-canary";
        let left = left(Mode::Secrets, "db.query.text", text);
        assert!(!left.contains("ada") && !left.contains("hunter2"), "{left}");
    }

    #[test]
    fn a_secret_by_its_key_goes_whatever_it_looks_like_and_a_number_too() {
        let redactor = Redactor::new(Mode::Secrets);
        assert_eq!(
            redactor.redact("db.password", "hunter2"),
            Redacted::Replaced("[credential]".to_owned())
        );
        assert!(!redactor.redact_number("user.password", 4711).is_kept());
        assert_eq!(redactor.redact("db.password", ""), Redacted::Kept);
        assert_eq!(redactor.redact("gen_ai.usage.input_tokens", "12"), Redacted::Kept);
        assert_eq!(redactor.redact_number("order.id", 4_539_578_763_621_486), Redacted::Kept);
        assert!(!redactor.redact_number("payment.card", 4_539_578_763_621_486).is_kept());
    }

    #[test]
    fn what_the_program_has_hashed_by_its_key_stays_as_it_is_under_any_name() {
        let keys = HashKeys::new("k1", &[7; 32]).expect("a key");
        let redactor =
            Redactor::new(Mode::Personal).actions(Actions::default().hash_keys(keys.clone()));

        for key in ["token", "password", "note"] {
            assert_eq!(redactor.redact(key, &keys.hash(key, "s3cr3t")), Redacted::Kept, "{key}");
            let other = "k2:0123456789abcdef0123456789abcdef";
            assert_eq!(redactor.redact(key, other).is_kept(), key == "note", "{key}");
        }
    }

    #[test]
    fn what_cannot_be_looked_at_whole_loses_its_end() {
        let text = format!("{} password=hunter2-canary", "word ".repeat(20_000));
        let left = left(Mode::Secrets, "note", &text);
        assert!(left.len() < cut::LOOKED_AT && left.ends_with("word …"), "{}", left.len());
    }
}
