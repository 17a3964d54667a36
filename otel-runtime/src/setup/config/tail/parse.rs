//! How is the text of a tail policy read?
//!
//! From left to right, once, without going back. The first mistake is told with its place. What it means is checked
//! by the policy itself.

use std::str::FromStr;

use crate::sampling::SamplerError;
use crate::sampling::tail::{
    Larger, Limit, RateLimit, SpanTest, TailPolicy, TailRule, TraceTest, WORDS,
};
use crate::setup::config::policy::reader::{Parsed, PolicyError, Reader};
use crate::setup::config::suggest::suggestion;

/// A longer text is no policy.
const MOST_BYTES: usize = 64 * 1024;
/// How deep conditions stand in each other at most.
pub(super) const DEEPEST: u32 = 16;

/// What is usual, by one word.
const PRODUCTION: &str = "error, slower=1s, ratio=0.05";

/// Reads the text that `OTEL_TRACED_TAIL` takes.
///
/// ```
/// use otel_runtime::sampling::tail::TailPolicy;
///
/// # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
/// let policy: TailPolicy = "error,slower=250ms,ratio=0.05".parse()?;
/// assert_eq!(policy.to_string(), "error, slower=250ms, ratio=0.05");
///
/// let error = "error,slowr=250ms".parse::<TailPolicy>().unwrap_err();
/// assert!(error.to_string().contains("at character 7, there is no condition slowr: did you mean slower?"));
/// # Ok(())
/// # }
/// ```
impl FromStr for TailPolicy {
    type Err = SamplerError;

    fn from_str(text: &str) -> Result<Self, SamplerError> {
        parse(text).map_err(|error| {
            SamplerError::new("policy", format_args!("{text:?}"), error.to_string())
        })
    }
}

pub(super) fn parse(text: &str) -> Parsed<TailPolicy> {
    if text.len() > MOST_BYTES {
        let remedy = format!("this is too long: a policy has {MOST_BYTES} bytes at most");
        return Err(PolicyError { at: 1, remedy });
    }
    let text = if text.trim().eq_ignore_ascii_case("production") { PRODUCTION } else { text };
    let mut reader = Reader { text, at: 0 };
    let (mut builder, mut places) = (TailPolicy::builder(), Places::default());
    loop {
        reader.blanks();
        let begin = reader.at;
        match reader.item()? {
            Item::Drop(rule) => {
                places.drop.push(begin);
                builder = builder.drop_rule(rule);
            }
            Item::Keep(rule) => {
                places.keep.push(begin);
                builder = builder.keep(rule);
            }
        }
        if !reader.takes(",") {
            break;
        }
    }
    reader.blanks();
    if reader.at < text.len() {
        return Err(reader.wrong("this is left over: write a comma before the next rule"));
    }
    builder.build().map_err(|error| reader.wrong_at(places.of(error.field()), error.to_string()))
}

/// Where each rule begins.
#[derive(Default)]
struct Places {
    drop: Vec<usize>,
    keep: Vec<usize>,
}

impl Places {
    /// Where the rule stands in which this field is, such as `keep[1].slower`.
    fn of(&self, field: &str) -> usize {
        let index = |list: &str| {
            let (digits, _) = field.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
            digits.parse::<usize>().ok()
        };
        let at = |list: &[usize], index: Option<usize>| list.get(index?).copied();
        at(&self.drop, index("drop")).or_else(|| at(&self.keep, index("keep"))).unwrap_or(0)
    }
}

enum Item {
    Drop(TailRule),
    Keep(TailRule),
}

impl Reader<'_> {
    /// `named(name, drop(condition))`, `condition => ratio=0.1`, or parts of it
    fn item(&mut self) -> Parsed<Item> {
        if self.takes_call("named") {
            self.blanks();
            let rest = self.rest();
            let name = rest[..rest.find([',', ')']).unwrap_or(rest.len())].trim_end();
            self.at += name.len();
            self.expect(",", "write a comma, and the rule that has this name")?;
            let item = self.unnamed()?;
            self.expect(")", "close the bracket: )")?;
            return Ok(match item {
                Item::Drop(rule) => Item::Drop(rule.name(name)),
                Item::Keep(rule) => Item::Keep(rule.name(name)),
            });
        }
        self.unnamed()
    }

    fn unnamed(&mut self) -> Parsed<Item> {
        if self.takes_call("drop") {
            let condition = self.trace(0)?;
            if self.rest().trim_start().starts_with(',') {
                let remedy = "drop takes one condition: write all(..) or any(..) around several";
                return Err(self.wrong(remedy));
            }
            self.expect(")", "close the bracket: )")?;
            return Ok(Item::Drop(rule(condition, Limit::All)));
        }
        if let Some(limit) = self.limit()? {
            return Ok(Item::Keep(rule(TraceTest::Always, limit)));
        }
        let condition = self.trace(0)?;
        if !self.takes("=>") {
            return Ok(Item::Keep(rule(condition, Limit::All)));
        }
        self.blanks();
        let limit = self.limit()?;
        let remedy = "write what is kept of them: keep, ratio=0.1, rate=100 or bytes=1000000";
        limit.map(|limit| Item::Keep(rule(condition, limit))).ok_or_else(|| self.wrong(remedy))
    }

    /// `keep`, `ratio=0.1`, `rate=100 burst=200 refuse_larger` or `bytes=1000000`, if it comes next
    fn limit(&mut self) -> Parsed<Option<Limit>> {
        let begin = self.at;
        let (_, word) = self.word();
        let word = word.to_ascii_lowercase();
        let is_compared = self.comes_operator();
        let limit = match word.as_str() {
            "keep" if !is_compared => Limit::All,
            "ratio" if self.takes_equals() => {
                Limit::Ratio(self.number("write a number from 0 to 1, such as 0.05")?.1)
            }
            "rate" if self.takes_equals() => {
                Limit::Spans(self.rate_limit("write how many spans a second, such as 100")?)
            }
            "bytes" if self.takes_equals() => {
                Limit::Bytes(self.rate_limit("write how many bytes a second, such as 1000000")?)
            }
            _ => {
                self.at = begin;
                return Ok(None);
            }
        };
        Ok(Some(limit))
    }

    fn rate_limit(&mut self, remedy: &str) -> Parsed<RateLimit> {
        let mut limit = RateLimit::per_second(self.number(remedy)?.1);
        loop {
            let (begin, word) = self.word();
            match word.to_ascii_lowercase().as_str() {
                "" => return Ok(limit),
                "burst" => {
                    self.expect("=", "write = and how many tokens the bucket holds")?;
                    let (_, burst) = self.number("write how many tokens the bucket holds")?;
                    limit = limit.burst(burst);
                }
                "refuse_larger" => limit.larger = Larger::Refused,
                unknown => {
                    let suggestion = suggestion(unknown, &["burst", "refuse_larger"]);
                    let remedy = format!("a rate knows no {unknown}: {suggestion}");
                    return Err(self.wrong_at(begin, remedy));
                }
            }
        }
    }

    /// What a trace has to be.
    fn trace(&mut self, depth: u32) -> Parsed<TraceTest> {
        self.blanks();
        let begin = self.at;
        if depth >= DEEPEST {
            let remedy = format!("there are more than {DEEPEST} conditions in each other");
            return Err(self.wrong_at(begin, remedy));
        }
        if self.takes_call("span") {
            return Ok(TraceTest::SomeSpan(self.together(depth)?));
        }
        if self.takes_call("no_span") {
            return Ok(TraceTest::NoSpan(self.together(depth)?));
        }
        if self.takes_call("every_span") {
            return Ok(TraceTest::NoSpan(SpanTest::Not(Box::new(self.together(depth)?))));
        }
        if self.takes_call("all") {
            return Ok(TraceTest::all(self.traces(depth)?));
        }
        if self.takes_call("any") {
            return Ok(TraceTest::any(self.traces(depth)?));
        }
        if self.takes_call("not") {
            self.blanks();
            if !self.comes_trace() {
                let remedy = "say of which spans: no_span(error) where no span may be an error, span(not(error)) \
                              where some span has to be none";
                return Err(self.wrong_at(begin, remedy));
            }
            let test = self.trace(depth + 1)?;
            self.expect(")", "close the bracket: )")?;
            return Ok(TraceTest::Not(Box::new(test)));
        }
        if self.takes_compared("spans") {
            let (least, most) = self.spans()?;
            return Ok(TraceTest::Spans { least, most });
        }
        if self.takes_compared("lasts") {
            let longer_than = self.time()?;
            let at_most = if self.takes("..") { Some(self.time()?) } else { None };
            return Ok(TraceTest::Lasts { longer_than, at_most });
        }
        match self.span(depth)? {
            SpanTest::Patterns { included, .. } if included.is_empty() => {
                let remedy = "say of which spans: span(key!=value) where some span has another value, \
                              no_span(key=value) where none may have this one";
                Err(self.wrong_at(begin, remedy))
            }
            test => Ok(TraceTest::SomeSpan(test)),
        }
    }

    fn traces(&mut self, depth: u32) -> Parsed<Vec<TraceTest>> {
        let mut all = Vec::new();
        loop {
            all.push(self.trace(depth + 1)?);
            if !self.takes(",") {
                break;
            }
        }
        self.expect(")", "close the bracket, or write a comma and a condition: )")?;
        Ok(all)
    }

    /// `10` or `10..50`
    fn spans(&mut self) -> Parsed<(u32, Option<u32>)> {
        const REMEDY: &str = "write how many spans at least, such as 10, or 10..50";
        let (begin, text) = self.number::<String>(REMEDY)?;
        let read = |digits: &str| digits.parse().map_err(|_| self.wrong_at(begin, REMEDY));
        match text.split_once("..") {
            Some((least, most)) => Ok((read(least)?, Some(read(most)?))),
            None => Ok((read(&text)?, None)),
        }
    }

    /// Whether a condition comes that says of which spans it speaks.
    fn comes_trace(&self) -> bool {
        let rest = self.rest();
        let calls = ["span", "no_span", "every_span", "all", "any", "not"];
        let is = |word: &&str, next: char| {
            rest.strip_prefix(*word).is_some_and(|it| it.trim_start().starts_with(next))
        };
        calls.iter().any(|word| is(word, '(')) || ["spans", "lasts"].iter().any(|it| is(it, '='))
    }

    /// Takes `word(`, if it comes next.
    pub(super) fn takes_call(&mut self, word: &str) -> bool {
        self.takes_both(word, "(")
    }

    /// Takes `word=`, if it comes next.
    pub(super) fn takes_compared(&mut self, word: &str) -> bool {
        let begin = self.at;
        let (_, found) = self.word();
        let comes = found.eq_ignore_ascii_case(word) && self.takes_equals();
        if !comes {
            self.at = begin;
        }
        comes
    }

    fn takes_both(&mut self, word: &str, token: &str) -> bool {
        let begin = self.at;
        let (_, found) = self.word();
        let comes = found.eq_ignore_ascii_case(word) && self.takes(token);
        if !comes {
            self.at = begin;
        }
        comes
    }

    /// Takes `=`, but neither `==` nor `=>`.
    fn takes_equals(&mut self) -> bool {
        self.blanks();
        let rest = self.rest();
        !rest.starts_with("==") && !rest.starts_with("=>") && self.takes("=")
    }

    pub(super) fn comes_operator(&mut self) -> bool {
        self.blanks();
        let rest = self.rest();
        rest.starts_with(['=', '!', '<', '>']) && !rest.starts_with("=>")
    }

    /// Tells that there is no such condition, with the one that was meant.
    pub(super) fn no_condition(&self, at: usize, word: &str) -> PolicyError {
        if word.is_empty() {
            let remedy = "write a condition, such as error, slower=250ms or http.route=/a*";
            return self.wrong_at(at, remedy);
        }
        if WORDS.contains(&word) {
            return self.wrong_at(at, format!("write = and a value, or a bracket, behind {word}"));
        }
        let suggestion = suggestion(word, &WORDS);
        self.wrong_at(at, format!("there is no condition {word}: {suggestion}"))
    }
}

fn rule(condition: TraceTest, limit: Limit) -> TailRule {
    TailRule { name: None, condition, limit }
}
