//! Which names do some tokens mention?

use std::collections::HashSet;

use proc_macro2::{Delimiter, Ident, Literal, Spacing, TokenStream, TokenTree};
use syn::Lit;

use crate::tokens::{is_punct, unraw};

/// The words that may be the name of a variable, each as it is without `r#`.
///
/// A word counts wherever a variable can stand, also in a format string (`"{name:>width$}"`) and in the
/// arguments of any macro. If too many words count, a warning about something unused is missing; if too few
/// did, there would be a false one.
#[derive(Default)]
pub(crate) struct Mentions {
    read: HashSet<String>,
    written: HashSet<String>,
    /// Variables that have a part written: `x.id += 1`.
    changed: HashSet<String>,
}

impl Mentions {
    pub(crate) fn of(tokens: TokenStream) -> Self {
        let mut mentions = Mentions::default();
        mentions.add(tokens);
        mentions
    }

    pub(crate) fn add(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in trees.iter().enumerate() {
            match token {
                // A variable that is called like a keyword is written raw: `r#type`.
                TokenTree::Ident(word) if is_keyword(word) => {}
                TokenTree::Ident(word) => match stands(&trees[..at], &trees[at + 1..]) {
                    Place::Read => drop(self.read.insert(unraw(word))),
                    Place::Written => drop(self.written.insert(unraw(word))),
                    Place::Changed => drop(self.changed.insert(unraw(word))),
                    Place::Elsewhere => {}
                },
                TokenTree::Literal(literal) => self.add_format_string(literal),
                TokenTree::Group(group) => self.add(group.stream()),
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// The words that patterns in the tokens may bind: between bars, behind `let` and `for`, before `=>`
    /// and `@`.
    pub(crate) fn bound_in(tokens: TokenStream) -> HashSet<String> {
        let mut bound = HashSet::new();
        bind(tokens, false, &mut bound);
        bound
    }

    /// Whether anything reads the variable of this name.
    pub(crate) fn reads(&self, name: &Ident) -> bool {
        self.read.contains(&unraw(name))
    }

    /// Whether anything assigns to the variable of this name, or to a part of it.
    pub(crate) fn writes(&self, name: &Ident) -> bool {
        self.written.contains(&unraw(name)) || self.changes(name)
    }

    /// Whether anything assigns to a part of the variable of this name.
    pub(crate) fn changes(&self, name: &Ident) -> bool {
        self.changed.contains(&unraw(name))
    }

    fn add_format_string(&mut self, literal: &Literal) {
        let text = literal.to_string();
        // Most strings have no escapes and no braces.
        if !text.contains(['{', '\\']) {
            return;
        }
        if let Lit::Str(text) = Lit::new(literal.clone()) {
            arguments(&text.value(), &mut self.read);
        }
    }
}

fn bind(tokens: TokenStream, inside: bool, bound: &mut HashSet<String>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    // In a pattern; and where a `match` arm may have begun.
    let (mut pattern, mut bars, mut arm) = (inside, false, 0);
    for (at, token) in trees.iter().enumerate() {
        match token {
            TokenTree::Ident(word) if word == "let" || word == "for" => pattern = true,
            TokenTree::Ident(word) if word == "in" || word == "if" => pattern = inside,
            TokenTree::Ident(word) if pattern || bars => drop(bound.insert(unraw(word))),
            TokenTree::Group(group) => bind(group.stream(), pattern || bars, bound),
            TokenTree::Punct(punct) => match punct.as_char() {
                '|' => bars = !bars,
                '=' if trees.get(at + 1).is_some_and(|next| is_punct(next, '>')) => {
                    bind(trees[arm..at].iter().cloned().collect(), true, bound);
                    pattern = inside;
                }
                '=' | ';' => pattern = inside,
                ',' => arm = at + 1,
                _ => {}
            },
            TokenTree::Ident(_) | TokenTree::Literal(_) => {}
        }
    }
}

enum Place {
    Read,
    /// `x = 1`, `x += 1`
    Written,
    /// `x.id = 1`, `x[0].id += 1`
    Changed,
    /// Not a variable: a field, a method, a segment of a path, a lifetime, a macro.
    Elsewhere,
}

/// The place of a word that has these tokens before and after it.
fn stands(before: &[TokenTree], behind: &[TokenTree]) -> Place {
    let is_elsewhere = match before {
        [.., first, second] if is_punct(second, '.') => !is_punct(first, '.'),
        [dot] => is_punct(dot, '.'),
        [.., colon, second] if is_punct(second, ':') => is_joint(colon, ':'),
        [.., quote] => is_punct(quote, '\''),
        [] => false,
    };
    let is_elsewhere = is_elsewhere
        || match behind {
            [bang, TokenTree::Group(_), ..] if is_punct(bang, '!') => true,
            // `S { field: value }`, `path::to`
            [colon, ..] => is_punct(colon, ':'),
            [] => false,
        };
    if is_elsewhere {
        return Place::Elsewhere;
    }
    let parts = parts(behind);
    match (assigns(&behind[parts..]), parts) {
        (false, _) => Place::Read,
        (true, 0) => Place::Written,
        (true, _) => Place::Changed,
    }
}

/// How many tokens name a part of what stands before them: `.id`, `.0[1]`.
fn parts(tokens: &[TokenTree]) -> usize {
    let mut at = 0;
    loop {
        at += match &tokens[at..] {
            [dot, TokenTree::Ident(_) | TokenTree::Literal(_), ..] if is_alone(dot, '.') => 2,
            [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Bracket => 1,
            _ => return at,
        };
    }
}

/// Whether an assignment goes on like this: `= 1`, `+= 1`, `<<= 1`.
fn assigns(tokens: &[TokenTree]) -> bool {
    let arithmetic = |token: &TokenTree| "+-*/%^&|".chars().any(|char| is_joint(token, char));
    match tokens {
        [equals, ..] if is_alone(equals, '=') => true,
        [operator, equals, ..] if arithmetic(operator) => is_alone(equals, '='),
        [one, other, equals, ..] if is_joint(one, '<') && is_joint(other, '<') => {
            is_alone(equals, '=')
        }
        [one, other, equals, ..] if is_joint(one, '>') && is_joint(other, '>') => {
            is_alone(equals, '=')
        }
        _ => false,
    }
}

/// Whether a word is never the name of a variable, in any edition, unless it is raw.
fn is_keyword(word: &Ident) -> bool {
    const KEYWORDS: [&str; 50] = [
        "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
        "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "if",
        "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
        "pub", "ref", "return", "static", "struct", "super", "trait", "true", "try", "type",
        "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.iter().any(|keyword| word == keyword)
}

fn is_joint(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char && punct.spacing() == Spacing::Joint)
}

fn is_alone(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char && punct.spacing() == Spacing::Alone)
}

/// The variables that a format string names, as the compiler reads it: `{name}`, `{:width$}`,
/// `{:.precision$}`.
fn arguments(text: &str, names: &mut HashSet<String>) {
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        rest = &rest[open + 1..];
        if let Some(behind) = rest.strip_prefix('{') {
            rest = behind;
            continue;
        }
        let Some(close) = rest.find('}') else { return };
        let (name, spec) = rest[..close].split_once(':').unwrap_or((&rest[..close], ""));
        names.insert(name.trim().to_owned());
        // The name before each `$`: behind the fill, the alignment and the flags.
        for before in spec.split('$').rev().skip(1) {
            let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
            let name = before.rsplit(|c: char| !is_of_name(c)).next().unwrap_or_default();
            names.insert(name.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned());
        }
        rest = &rest[close + 1..];
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    fn reads(tokens: &str, name: &str) -> bool {
        let name = name.strip_prefix("r#").map_or_else(
            || Ident::new(name, Span::call_site()),
            |raw| Ident::new_raw(raw, Span::call_site()),
        );
        Mentions::of(tokens.parse().expect("tokens")).reads(&name)
    }

    #[test]
    fn a_variable_is_read_wherever_an_expression_may_be() {
        for tokens in [
            "x",
            "x + 1",
            "f(x)",
            "S { y: x }",
            "S { x }",
            "a..x",
            "..x",
            "x.y",
            "x[0]",
            "x?",
            "x == 1",
            "x + = 1",
            "x.y == 1",
            "x.y() = 1",
            "x.y..=1",
            "x.y <= 1",
            "x => 1",
            "m!(%x)",
            "'a: loop { x }",
            "y = x",
            "a ? b : x",
            "return x",
            "if x { }",
        ] {
            assert!(reads(tokens, "x"), "{tokens}");
        }
    }

    #[test]
    fn a_word_that_is_no_variable_reads_none() {
        for tokens in [
            "y.x",
            "y.x()",
            "x::y",
            "y::x",
            "x!(y)",
            "S { x: 1 }",
            "x = 1",
            "x += 1",
            "x <<= 1",
            "x.y = 1",
            "x.0[1].z -= 1",
            "'x: loop { }",
            "xx",
            "\"x\"",
        ] {
            assert!(!reads(tokens, "x"), "{tokens}");
        }
    }

    #[test]
    fn a_format_string_reads_what_the_compiler_says_it_does() {
        for tokens in [
            r#""{x}""#,
            r#""{x:?}""#,
            r#""{x:>8}""#,
            r#""{{{x}}}""#,
            r#""{y}{x}""#,
            r#""{ x }""#,
            r##"r#"{x}"#"##,
            r#""\u{7b}x}""#,
            r#""\x7bx}""#,
            r#""{y:x$}""#,
            r#""{y:>x$}""#,
            r#""{y:0x$}""#,
            r#""{y:*^+#0x$.3}""#,
            r#""{y:.x$}""#,
            r#""{y:w$.x$}""#,
            r#""{:x$.p$}""#,
            r#""{y:\u{e9}<x$}""#,
        ] {
            assert!(reads(tokens, "x"), "{tokens}");
        }
        for tokens in [
            r#""{{x}}""#,
            r#""x""#,
            r#""{y:x}""#,
            r#""{y:x>3}""#,
            r#""{xx}""#,
            r#"b"{x}""#,
            r#""{x""#,
        ] {
            assert!(!reads(tokens, "x"), "{tokens}");
        }
    }

    #[test]
    fn a_raw_name_is_the_same_name() {
        assert!(reads(r#""{type}""#, "r#type"));
        assert!(reads("r#type", "r#type"));
        assert!(reads("r#x", "x"));
    }

    #[test]
    fn a_keyword_is_no_raw_name() {
        assert!(!reads("match y { }", "r#match"));
        assert!(reads("match r#match { }", "r#match"));
    }

    #[test]
    fn what_stands_before_an_assignment_is_written() {
        let x = Ident::new("x", Span::call_site());
        let of = |tokens: &str| Mentions::of(tokens.parse().expect("tokens"));
        for tokens in ["x = y", "x -= y", "x >>= y", "x.y = z", "x.0 |= z", "x[0] = z"] {
            assert!(of(tokens).writes(&x), "{tokens}");
        }
        for tokens in ["x == y", "y = x", "x >= y", "x => y", "y.x = z", "x.y() = z", "x::y = z"] {
            assert!(!of(tokens).writes(&x), "{tokens}");
        }
        assert!(of("x.y = z").changes(&x) && !of("x = z").changes(&x));
    }
}
