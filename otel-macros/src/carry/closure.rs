//! What are the parts of a closure that has a parameter?

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use crate::tokens::is_punct;

/// `move |s| BODY`
pub(super) struct Closure {
    /// All before the body: `move |s: &Scope| -> R`
    pub(super) head: Vec<TokenTree>,
    /// The name of its one parameter, if that is all that the pattern is.
    pub(super) parameter: Option<Ident>,
    pub(super) body: Vec<TokenTree>,
}

impl Closure {
    pub(super) fn parse(tokens: &[TokenTree]) -> Option<Closure> {
        if let [TokenTree::Group(group)] = tokens
            && group.delimiter() == Delimiter::None
        {
            return Closure::parse(&group.stream().into_iter().collect::<Vec<_>>());
        }
        let moves = matches!(tokens.first()?, TokenTree::Ident(word) if word == "move");
        let open = usize::from(moves);
        if !is_punct(tokens.get(open)?, '|') {
            return None;
        }
        let close = open + 1 + tokens[open + 1..].iter().position(|it| is_punct(it, '|'))?;
        let parameter = match &tokens[open + 1..close] {
            [TokenTree::Ident(name)] => Some(name.clone()),
            [TokenTree::Ident(name), colon, ..] if is_punct(colon, ':') => Some(name.clone()),
            _ => None,
        };
        // After `-> R` comes a block.
        let returns = tokens.get(close + 1).is_some_and(|it| is_punct(it, '-'));
        let body = if returns { tokens.len() - 1 } else { close + 1 };
        Some(Closure {
            head: tokens[..body].to_vec(),
            parameter,
            body: tokens.get(body..).filter(|body| !body.is_empty())?.to_vec(),
        })
    }

    /// Whether its body seems to give the name of the parameter to something else, as by `let s = ..`.
    pub(super) fn shadows(&self) -> bool {
        self.parameter.as_ref().is_some_and(|name| rebinds(self.body.iter().cloned(), name))
    }
}

fn rebinds(tokens: impl IntoIterator<Item = TokenTree>, name: &Ident) -> bool {
    let mut before = false;
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => {
            let rebinds = before && word == *name;
            before = word == "let" || word == "mut";
            rebinds
        }
        TokenTree::Group(group) => {
            before = false;
            rebinds(TokenStream::into_iter(group.stream()), name)
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => {
            before = false;
            false
        }
    })
}
