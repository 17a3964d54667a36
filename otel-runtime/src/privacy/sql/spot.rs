//! Does a statement stand in a text, and where does it begin?
//!
//! Prose has these words, too, so more than one has to be where a statement has it. Where capitals are written, less
//! is asked for.

use super::lexer::is_word;

/// Words that statements, and the parts that errors quote, begin with.
const STARTS: [&str; 20] = [
    "select", "insert", "update", "delete", "merge", "replace", "upsert", "with", "create",
    "alter", "drop", "truncate", "grant", "exec", "execute", "call", "set", "where", "having",
    "values",
];

/// What is created, altered or dropped.
const THINGS: [&str; 22] = [
    "table",
    "index",
    "view",
    "user",
    "role",
    "login",
    "database",
    "schema",
    "function",
    "procedure",
    "trigger",
    "type",
    "sequence",
    "unique",
    "materialized",
    "temporary",
    "temp",
    "or",
    "extension",
    "policy",
    "server",
    "subscription",
];

const COMPARISONS: [&str; 5] = ["like", "ilike", "in", "between", "is"];

/// Where a statement begins.
pub(super) fn statement(text: &str) -> Option<usize> {
    // A statement has two words or more.
    if !text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        return None;
    }
    let mut later: Option<Later> = None;
    for word in words(text) {
        if !may_start(word.text) {
            continue;
        }
        let later = later.get_or_insert_with(|| Later::of(text));
        if is_start(text, word, later) {
            return Some(word.at);
        }
    }
    None
}

/// Whether one begins with the text.
pub(super) fn begins(text: &str) -> bool {
    let is_before = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'(';
    let text = &text[text.bytes().take_while(|byte| is_before(byte)).count()..];
    let length = text.bytes().take(9).position(|byte| !byte.is_ascii_alphabetic());
    length.is_some_and(|length| may_start(&text[..length]))
        // A comment, such as one by which a proxy knows where the statement is from.
        || text.starts_with("/*")
        || text.starts_with("--")
}

fn may_start(word: &str) -> bool {
    const STARTS: [u64; super::spot::STARTS.len()] = {
        let mut all = [0; super::spot::STARTS.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = in_lower_case(super::spot::STARTS[at].as_bytes());
            at += 1;
        }
        all
    };
    (3..=8).contains(&word.len()) && STARTS.contains(&in_lower_case(word.as_bytes()))
}

/// A word of at most eight bytes as one number, which is that of its letters in lower case.
const fn in_lower_case(word: &[u8]) -> u64 {
    let (mut number, mut at) = (0, 0);
    while at < word.len() {
        number = number << 8 | (word[at] | 0x20) as u64;
        at += 1;
    }
    number
}

#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    at: usize,
}

impl Word<'_> {
    fn is(&self, other: &str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }

    fn is_any(&self, others: &[&str]) -> bool {
        others.iter().any(|other| self.is(other))
    }

    fn is_in_capitals(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_uppercase())
    }

    fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        at += bytes[at..].iter().position(|byte| is_word(*byte))?;
        let start = at;
        at += bytes[at..].iter().position(|byte| !is_word(*byte)).unwrap_or(bytes.len() - at);
        Some(Word { text: &text[start..at], at: start })
    })
}

/// The last places of what a statement has behind its first word, so that no word is looked at twice.
#[derive(Default)]
struct Later {
    from: usize,
    from_in_capitals: usize,
    set: usize,
    /// `WHERE`, `JOIN`, `=` and the like.
    clause: usize,
    quote: usize,
    parenthesis: usize,
}

impl Later {
    fn of(text: &str) -> Self {
        let mut later = Self {
            quote: text.rfind(['\'', '"']).unwrap_or(0),
            parenthesis: text.rfind('(').unwrap_or(0),
            clause: text.rfind('=').unwrap_or(0),
            ..Self::default()
        };
        for word in words(text) {
            if word.is("from") {
                later.from = word.at;
                if word.is_in_capitals() {
                    later.from_in_capitals = word.at;
                }
            } else if word.is("set") {
                later.set = word.at;
            } else if word.is_any(&["where", "join", "limit", "values", "having", "returning"]) {
                later.clause = later.clause.max(word.at);
            }
        }
        later
    }
}

fn is_start(text: &str, word: Word<'_>, later: &Later) -> bool {
    let rest = &text[word.end()..];
    let next_sign = rest.trim_start().bytes().next().unwrap_or(0);
    let is_apart =
        rest.starts_with(|sign: char| sign.is_ascii_whitespace() || sign == '(' || sign == '*');
    if !is_apart {
        return false;
    }
    let mut next = words(rest);
    let mut next = || next.next().unwrap_or(Word { text: "", at: rest.len() });
    let capitals = word.is_in_capitals();
    let (at, second) = (word.at, next());
    let has_clause = later.clause > at || later.quote > at;
    let both = capitals && second.is_in_capitals() && !second.text.is_empty();
    if word.is("select") {
        let is_first = text[..at].trim().is_empty();
        return capitals && (later.from_in_capitals > at || is_first || is_value(next_sign))
            || later.from > at && (next_sign == b'*' || later.clause > at);
    }
    if word.is_any(&["insert", "merge", "upsert", "replace", "delete"]) {
        let is_into = if word.is("delete") { second.is("from") } else { second.is("into") };
        return is_into && (both || has_clause || later.parenthesis > at)
            || word.is("delete") && capitals && later.from_in_capitals > at;
    }
    if word.is("update") {
        return later.set > at && (capitals || later.clause > at);
    }
    if word.is("with") {
        let (third, fourth) = (next(), next());
        let is_named = third.is("as") || second.is("recursive") && fourth.is("as");
        return is_named && later.parenthesis > at;
    }
    if word.is_any(&["create", "alter", "drop", "truncate", "grant"]) {
        let is_thing = second.is_any(&THINGS) || word.is("grant");
        return is_thing
            && (both
                || later.quote > at && later.parenthesis.max(later.clause) > at
                || is_password(rest));
    }
    if word.is_any(&["exec", "execute", "call"]) {
        return capitals
            && !second.text.is_empty()
            && later.quote.max(later.parenthesis).max(later.clause) > at;
    }
    let behind_second = rest[second.at.min(rest.len())..].trim_start_matches(|sign: char| {
        sign.is_alphanumeric() || matches!(sign, '_' | '.' | '"' | '`' | '[' | ']')
    });
    let operator = behind_second.trim_start();
    let compares = operator.starts_with(['=', '<', '>', '!'])
        || words(operator).next().is_some_and(|word| word.at == 0 && word.is_any(&COMPARISONS));
    if word.is_any(&["where", "having"]) {
        return compares
            && (capitals || operator.starts_with(['=', '<', '>', '!']) || later.quote > at);
    }
    if word.is("set") {
        return operator.starts_with('=') && (capitals || later.quote > at);
    }
    // `VALUES ('ada', 7)`
    word.is("values") && next_sign == b'(' && (capitals || later.quote > at)
}

/// Whether a literal begins with it.
fn is_value(byte: u8) -> bool {
    matches!(byte, b'\'' | b'"' | b'(' | b'@' | b'$') || byte.is_ascii_digit()
}

fn is_password(rest: &str) -> bool {
    words(rest).take(16).any(|word| word.is_any(&["password", "identified"]))
}
