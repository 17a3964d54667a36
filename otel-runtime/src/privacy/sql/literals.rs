//! Which parts of a statement are literals?

use std::borrow::Cow;
use std::ops::Range;

use super::dialect::{self, Dialect, KEYS};
use super::lexer::{Kind, Lexer, Part};

/// The text with a `?` for each literal; what one of the dialects takes for a literal is one.
pub(super) fn without<'a>(text: &'a str, dialects: &[Dialect]) -> Cow<'a, str> {
    let mut literals: Vec<Range<usize>> = Vec::new();
    let mut is_open = false;
    for dialect in dialects {
        is_open |= find(text, *dialect, &mut literals);
    }
    // It is cut, or the database reads it in another way than is thought.
    if is_open && dialects.len() == 1 && !dialects.iter().any(|dialect| dialect.has(KEYS)) {
        for dialect in dialect::of(None) {
            find(text, *dialect, &mut literals);
        }
    }
    literals.sort_unstable_by_key(|range| (range.start, range.end));
    literals.dedup_by(|next, before| {
        let touches = next.start <= before.end;
        if touches {
            before.end = before.end.max(next.end);
        }
        touches
    });
    literals.retain(|range| &text[range.clone()] != "?");
    if literals.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut without, mut from) = (String::with_capacity(text.len()), 0);
    for literal in literals {
        without.push_str(&text[from..literal.start]);
        without.push('?');
        from = literal.end;
    }
    without.push_str(&text[from..]);
    Cow::Owned(without)
}

/// Adds the ranges of the literals; whether something is open at the end.
fn find(text: &str, dialect: Dialect, literals: &mut Vec<Range<usize>>) -> bool {
    let mut is_open = false;
    // Those that are no data in a text with parameters.
    let mut short: Vec<Range<usize>> = Vec::new();
    let mut has_parameters = false;
    let mut before = Before::default();
    for part in Lexer::new(text, dialect) {
        let range = part.range.clone();
        match part.kind {
            Kind::Open => {
                is_open = true;
                literals.push(range);
            }
            Kind::Text if before.is_name(text, &part) => {}
            Kind::Text if dialect.has(KEYS) && is_followed_by_colon(text, part.range.end) => {}
            Kind::Number if is_short(&text[part.range.clone()]) || before.is_a_limit() => {
                short.push(range);
            }
            Kind::Text | Kind::Number => literals.push(range),
            Kind::Word if before.is_truth(&text[part.range.clone()]) => short.push(range),
            Kind::Parameter => has_parameters = true,
            Kind::Comment => comment(text, &part, dialect, literals),
            Kind::Space | Kind::Word | Kind::Name | Kind::Sign => {}
        }
        before.note(text, &part);
    }
    if !has_parameters && !short.is_empty() {
        literals.append(&mut short);
    }
    is_open
}

/// A statement that is commented out has its literals, too, and what is put there for others to read has texts.
fn comment(text: &str, part: &Part, dialect: Dialect, literals: &mut Vec<Range<usize>>) {
    let whole = &text[part.range.clone()];
    let inner = whole.trim_start_matches(['/', '*', '-', '#', '!']);
    let start = part.range.start + whole.len() - inner.len();
    let inner = inner.strip_suffix("*/").unwrap_or(inner);
    for part in Lexer::new(inner, dialect) {
        let is_data = matches!(part.kind, Kind::Text | Kind::Number | Kind::Open | Kind::Comment)
            // Which of the quotes there are whose, nobody knows.
            || part.kind == Kind::Name && inner[part.range.clone()].starts_with('"');
        if is_data {
            literals.push(start + part.range.start..start + part.range.end);
        }
    }
}

fn is_short(number: &str) -> bool {
    number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_followed_by_colon(text: &str, at: usize) -> bool {
    text[at..].trim_start().starts_with(':')
}

/// What stands before a part.
#[derive(Default)]
struct Before {
    last: Last,
    /// In the list of columns behind `INTO table`.
    in_columns: bool,
    is_into: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Last {
    #[default]
    Other,
    /// `FROM`, `JOIN`, `INTO`, `UPDATE`, `TABLE`: a name comes.
    Table,
    /// The name of the table behind it.
    TableName,
    /// `LIMIT`, `OFFSET`, `TOP`, `FIRST`, `NEXT`: a number of rows comes.
    Limit,
    /// `IS`, `IS NOT`.
    Is,
    Dot,
}

impl Before {
    /// A text in double quotes that can only be a name, whatever else they hold in this dialect: `"a"."b"`, and in
    /// `INSERT INTO "a" ("b")`.
    fn is_name(&self, text: &str, part: &Part) -> bool {
        text[part.range.clone()].starts_with('"')
            && (matches!(self.last, Last::Table | Last::Dot)
                || self.in_columns
                || text[part.range.end..].starts_with('.'))
    }

    fn is_a_limit(&self) -> bool {
        self.last == Last::Limit
    }

    fn is_truth(&self, word: &str) -> bool {
        self.last != Last::Is
            && (word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false"))
    }

    fn note(&mut self, text: &str, part: &Part) {
        let it = &text[part.range.clone()];
        let is = |words: &[&str]| words.iter().any(|word| it.eq_ignore_ascii_case(word));
        self.last = match part.kind {
            Kind::Space | Kind::Comment => return,
            Kind::Word if is(&["into"]) => {
                self.is_into = true;
                Last::Table
            }
            Kind::Word if is(&["from", "join", "update", "table"]) => Last::Table,
            Kind::Word if is(&["limit", "offset", "top", "first", "next"]) => Last::Limit,
            Kind::Word if is(&["is"]) => Last::Is,
            Kind::Word if self.last == Last::Is && is(&["not"]) => Last::Is,
            Kind::Word | Kind::Name | Kind::Text
                if matches!(self.last, Last::Table | Last::Dot) =>
            {
                Last::TableName
            }
            Kind::Sign if it == "." => {
                // Behind `a.b.` a table's name still comes.
                Last::Dot
            }
            Kind::Sign if it == "(" && self.is_into && self.last == Last::TableName => {
                self.in_columns = true;
                Last::Other
            }
            Kind::Sign if it == ")" => {
                (self.in_columns, self.is_into) = (false, false);
                Last::Other
            }
            _ => Last::Other,
        };
    }
}
