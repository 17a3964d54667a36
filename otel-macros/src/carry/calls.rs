//! Which calls start work elsewhere?

use proc_macro2::{Delimiter, TokenTree};

use super::tokens::{is_colons, is_punct};

/// A function that starts work elsewhere.
#[derive(Clone, Copy)]
pub(super) struct Spawn {
    pub(super) path: &'static [&'static str],
    pub(super) takes: Takes,
    pub(super) arguments: usize,
    /// Whether its first type parameters are the types of its arguments.
    pub(super) names_arguments: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Takes {
    Future,
    Closure,
}

pub(super) const SPAWNS: [Spawn; 8] = [
    Spawn::future(&["tokio", "spawn"]),
    Spawn::future(&["tokio", "task", "spawn"]),
    Spawn::future(&["tokio", "task", "spawn_local"]),
    Spawn::closure(&["tokio", "task", "spawn_blocking"]),
    Spawn::closure(&["std", "thread", "spawn"]),
    Spawn::closure(&["rayon", "spawn"]),
    Spawn { arguments: 2, ..Spawn::closure(&["rayon", "join"]) },
    // Its one type parameter is the future's output.
    Spawn { names_arguments: false, ..Spawn::future(&["smol", "spawn"]) },
];

/// Words in front of `::` that are no part of a path.
const BEFORE_A_PATH: [&str; 8] = ["break", "else", "if", "in", "match", "return", "while", "yield"];

impl Spawn {
    const fn future(path: &'static [&'static str]) -> Spawn {
        Spawn { path, takes: Takes::Future, arguments: 1, names_arguments: true }
    }

    const fn closure(path: &'static [&'static str]) -> Spawn {
        Spawn { takes: Takes::Closure, ..Spawn::future(path) }
    }
}

/// The spawn function whose path `tokens` begin with, and how long the path is.
pub(super) fn spawn(tokens: &[TokenTree]) -> Option<(Spawn, usize)> {
    // A path that went through a macro by example: `$spawn:path`.
    if let TokenTree::Group(group) = tokens.first()?
        && group.delimiter() == Delimiter::None
    {
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        return spawn(&inner).filter(|(_, length)| *length == inner.len()).map(|(it, _)| (it, 1));
    }
    let leading = if is_colons(tokens) { 2 } else { 0 };
    SPAWNS.into_iter().find_map(|spawn| {
        let length = leading + 3 * spawn.path.len() - 2;
        let path = tokens.get(leading..length)?;
        let mut segments = spawn.path.iter().enumerate();
        let found = segments.all(|(index, segment)| {
            let here = &path[3 * index..];
            let word = matches!(&here[0], TokenTree::Ident(word) if word == segment);
            word && (here.len() == 1 || is_colons(&here[1..]))
        });
        found.then_some((spawn, length))
    })
}

/// Whether what begins at `at` is the end of somebody else's path: `my::tokio::spawn`.
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
