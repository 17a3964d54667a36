//! Which calls start work elsewhere, or wait for it?

use proc_macro2::{Delimiter, Ident, TokenTree};

use crate::tokens::{is_colons, is_punct};

/// A function that is known by its path.
#[derive(Clone, Copy)]
pub(super) struct Call {
    path: &'static [&'static str],
    pub(super) form: Form,
}

/// What a call does with its arguments.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// `spawn(FUTURE)`, `spawn(CLOSURE)`
    Spawn { work: Work, names_work: bool },
    /// `join(CLOSURE, CLOSURE)`: waits for both, and may run other people's work meanwhile.
    Join,
    /// `scope(|s| { s.spawn(CLOSURE); })`
    Scope(Scope),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    Future,
    Closure,
}

/// What `s` is in `scope(|s| ..)`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// `std::thread::scope`: it sleeps until all threads are done.
    OfThreads,
    /// `rayon::scope`: it runs elsewhere itself, and may run other people's work while it waits.
    OfJobs,
}

const CALLS: [Call; 15] = [
    Call::spawn(&["tokio", "spawn"], Work::Future),
    Call::spawn(&["tokio", "task", "spawn"], Work::Future),
    Call::spawn(&["tokio", "task", "spawn_local"], Work::Future),
    Call::spawn(&["tokio", "task", "spawn_blocking"], Work::Closure),
    Call::spawn(&["std", "thread", "spawn"], Work::Closure),
    Call::spawn(&["rayon", "spawn"], Work::Closure),
    Call::spawn(&["rayon", "spawn_fifo"], Work::Closure),
    // Their one type parameter is the future's output.
    Call::of(&["smol", "spawn"], Form::Spawn { work: Work::Future, names_work: false }),
    Call::of(&["smol", "unblock"], Form::Spawn { work: Work::Closure, names_work: false }),
    Call::of(&["rayon", "join"], Form::Join),
    Call::of(&["std", "thread", "scope"], Form::Scope(Scope::OfThreads)),
    Call::of(&["rayon", "scope"], Form::Scope(Scope::OfJobs)),
    Call::of(&["rayon", "scope_fifo"], Form::Scope(Scope::OfJobs)),
    Call::of(&["rayon", "in_place_scope"], Form::Scope(Scope::OfJobs)),
    Call::of(&["rayon", "in_place_scope_fifo"], Form::Scope(Scope::OfJobs)),
];

/// Keywords that may stand before `::` and do not belong to the path.
const BEFORE_A_PATH: [&str; 8] = ["break", "else", "if", "in", "match", "return", "while", "yield"];

impl Call {
    const fn of(path: &'static [&'static str], form: Form) -> Call {
        Call { path, form }
    }

    const fn spawn(path: &'static [&'static str], work: Work) -> Call {
        Call::of(path, Form::Spawn { work, names_work: true })
    }

    /// The call whose path `tokens` begin with, and how long the path is.
    pub(super) fn find(tokens: &[TokenTree]) -> Option<(Call, usize)> {
        let (path, length) = path(tokens)?;
        let call = CALLS.into_iter().find(|call| path.iter().eq(call.path))?;
        Some((call, length))
    }

    /// Whether one of the known paths ends with `word`.
    pub(super) fn ends_with(word: &Ident) -> bool {
        CALLS.iter().any(|call| call.path.last().is_some_and(|last| word == last))
    }
}

/// The segments of the path that `tokens` begin with, and how many tokens it is. Type parameters end it.
pub(super) fn path(tokens: &[TokenTree]) -> Option<(Vec<Ident>, usize)> {
    // A path that went through a macro by example: `$spawn:path`.
    if let TokenTree::Group(group) = tokens.first()?
        && group.delimiter() == Delimiter::None
    {
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        return path(&inner).filter(|(_, length)| *length == inner.len()).map(|(it, _)| (it, 1));
    }
    let mut length = if is_colons(tokens) { 2 } else { 0 };
    let mut segments = Vec::new();
    while let Some(TokenTree::Ident(segment)) = tokens.get(length) {
        segments.push(segment.clone());
        length += 1;
        match tokens.get(length + 2) {
            Some(TokenTree::Ident(_)) if is_colons(&tokens[length..]) => length += 2,
            _ => return Some((segments, length)),
        }
    }
    None
}

/// Whether the path at `at` is the end of a longer path: `my::tokio::spawn`.
pub(super) fn continues_a_path(tokens: &[TokenTree], at: usize) -> bool {
    let before = &tokens[..at];
    if !is_colons(&tokens[at..]) {
        return at >= 2 && is_colons(&before[at - 2..]);
    }
    match before {
        [.., TokenTree::Ident(word)] => !BEFORE_A_PATH.iter().any(|it| word == it),
        [.., TokenTree::Group(group)] => group.delimiter() == Delimiter::None,
        // `<T>::`, but not `=> ::`.
        [.., arrow, end] if is_punct(end, '>') => !is_punct(arrow, '=') && !is_punct(arrow, '-'),
        _ => false,
    }
}
