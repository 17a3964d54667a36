//! Which method at the end of a chain starts work elsewhere, or waits for it?
//!
//! `std::thread::Builder::new().name(..).spawn(CLOSURE)`: what the chain begins with says what it is a
//! method of.

use proc_macro2::{Delimiter, Ident, TokenTree};

use super::calls::{Work, path};
use super::type_parameters::TypeParameters;
use crate::tokens::{is_colons, is_punct};

/// A type that is known by its path, at the beginning of a chain.
struct Start {
    /// The beginning of the path; or its end, where no other type has a function of that name.
    path: Segments,
    methods: &'static [Method],
}

enum Segments {
    Type(&'static [&'static str]),
    Function(&'static [&'static str]),
}

#[derive(Clone, Copy)]
pub(super) struct Method {
    name: &'static str,
    pub(super) form: Form,
}

#[derive(Clone, Copy)]
pub(super) enum Form {
    /// Its argument at `index`, of `count`, runs elsewhere.
    Spawn { work: Work, index: usize, count: usize },
    /// It blocks the thread until its argument, a future, is done, and runs other tasks meanwhile.
    BlockOn,
}

const STARTS: [Start; 6] = [
    Start { path: Segments::Type(&["tokio", "runtime", "Handle"]), methods: &RUNTIME },
    Start { path: Segments::Type(&["tokio", "runtime", "Runtime"]), methods: &RUNTIME },
    // However it was imported: `#[tokio::main]` and `#[tokio::test]` generate such calls.
    Start { path: Segments::Function(&["Builder", "new_current_thread"]), methods: &RUNTIME },
    Start { path: Segments::Function(&["Builder", "new_multi_thread"]), methods: &RUNTIME },
    Start {
        path: Segments::Type(&["tokio", "task", "Builder"]),
        methods: &[
            Method::spawn("spawn", Work::Future, 0, 1),
            Method::spawn("spawn_on", Work::Future, 0, 2),
            Method::spawn("spawn_local", Work::Future, 0, 1),
            Method::spawn("spawn_local_on", Work::Future, 0, 2),
            Method::spawn("spawn_blocking", Work::Closure, 0, 1),
            Method::spawn("spawn_blocking_on", Work::Closure, 0, 2),
        ],
    },
    Start {
        path: Segments::Type(&["std", "thread", "Builder"]),
        methods: &[
            Method::spawn("spawn", Work::Closure, 0, 1),
            Method::spawn("spawn_scoped", Work::Closure, 1, 2),
        ],
    },
];

const RUNTIME: [Method; 3] = [
    Method::spawn("spawn", Work::Future, 0, 1),
    Method::spawn("spawn_blocking", Work::Closure, 0, 1),
    Method { name: "block_on", form: Form::BlockOn },
];

impl Method {
    const fn spawn(name: &'static str, work: Work, index: usize, count: usize) -> Method {
        Method { name, form: Form::Spawn { work, index, count } }
    }

    /// Whether `word` may be such a method.
    pub(super) fn is_called(word: &Ident) -> bool {
        STARTS.iter().any(|start| start.methods.iter().any(|method| word == method.name))
    }

    /// The first in the chain that `tokens` begin with, and the place of its name.
    pub(super) fn find(tokens: &[TokenTree]) -> Option<(Method, usize)> {
        let (path, mut at) = path(tokens)?;
        let start = STARTS.iter().find(|start| start.path.matches(&path))?;
        at += call(&tokens[at..])?;
        loop {
            match &tokens[at..] {
                [question, ..] if is_punct(question, '?') => at += 1,
                [dot, TokenTree::Ident(name), rest @ ..] if is_punct(dot, '.') => {
                    let method = start.methods.iter().find(|method| name == method.name);
                    match (method, call(rest)) {
                        (Some(method), Some(_)) => return Some((*method, at + 1)),
                        (_, Some(length)) => at += 2 + length,
                        (_, None) => return None,
                    }
                }
                _ => return None,
            }
        }
    }
}

impl Segments {
    fn matches(&self, path: &[Ident]) -> bool {
        match self {
            Segments::Type(segments) => {
                path.len() == segments.len() + 1
                    && path.iter().zip(*segments).all(|(word, segment)| word == segment)
            }
            Segments::Function(segments) => {
                let from = path.len().saturating_sub(segments.len());
                path[from..].iter().eq(*segments)
            }
        }
    }
}

/// How long the arguments of a call are, with the types that it names.
fn call(tokens: &[TokenTree]) -> Option<usize> {
    let types = match TypeParameters::parse(tokens) {
        Some(types) => types.length,
        None if is_colons(tokens) => return None,
        None => 0,
    };
    match tokens.get(types)? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(types + 1),
        _ => None,
    }
}
