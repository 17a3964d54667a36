//! How are the calls in a body found, and all else left as it is?

use std::cell::Cell;

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use syn::Path;

use super::calls::Scope;
use super::elsewhere::not_here;
use super::groups::put_together;

/// A call, and how many tokens it was.
pub(super) type Expanded = Option<(TokenStream, usize)>;

pub(super) fn with_stream(group: &Group, tokens: TokenStream) -> Group {
    let mut rewritten = Group::new(group.delimiter(), tokens);
    rewritten.set_span(group.span());
    rewritten
}

#[derive(Clone)]
pub(super) struct Rewriter<'a> {
    pub(super) krate: &'a Path,
    /// Set if a call looks at the type of its argument.
    pub(super) probes: &'a Cell<bool>,
    /// The scopes that these tokens are in, by the names they have there, the innermost last.
    pub(super) scopes: Vec<(Ident, Scope)>,
    /// Writes the call that begins at a place among tokens, if there is one that is known.
    pub(super) expand: fn(&Self, &[TokenTree], usize) -> Expanded,
}

impl Rewriter<'_> {
    /// The rewriter for tokens inside one more scope.
    pub(super) fn within(&self, name: Option<Ident>, scope: Scope) -> Self {
        let mut within = self.clone();
        within.scopes.extend(name.map(|name| (name, scope)));
        within
    }

    /// `None` if nothing changes: the group is then kept, since a new one has one span instead of three.
    fn group(&self, group: &Group) -> Option<Group> {
        Some(with_stream(group, self.stream(group.stream())?))
    }

    pub(super) fn stream(&self, tokens: TokenStream) -> Option<TokenStream> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        self.trees(&tokens).map(put_together)
    }

    /// The same for tokens that are put together anew in any case.
    pub(super) fn anew(&self, tokens: Vec<TokenTree>) -> TokenStream {
        put_together(self.trees(&tokens).unwrap_or(tokens))
    }

    fn trees(&self, tokens: &[TokenTree]) -> Option<Vec<TokenTree>> {
        let mut rewritten = Vec::new();
        let mut changed = false;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let passed = not_here(&tokens[at..]);
            if passed > 0 {
                rewritten.extend(tokens[at..at + passed].iter().cloned());
                at += passed;
                continue;
            }
            if let Some((call, length)) = (self.expand)(self, tokens, at) {
                rewritten.extend(call);
                at += length;
                changed = true;
                continue;
            }
            let group = match token {
                TokenTree::Group(group) => self.group(group).map(TokenTree::Group),
                _ => None,
            };
            changed |= group.is_some();
            rewritten.push(group.unwrap_or_else(|| token.clone()));
            at += 1;
        }
        changed.then_some(rewritten)
    }
}
