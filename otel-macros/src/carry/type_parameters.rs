//! Which types does a call name, as in `spawn::<F>(f)`?

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote_spanned;

use crate::tokens::{is_colons, is_punct};

/// `::<A, B>` behind the path of a call.
pub(super) struct TypeParameters {
    open: Vec<TokenTree>,
    types: Vec<Vec<TokenTree>>,
    close: TokenTree,
    pub(super) length: usize,
}

impl TypeParameters {
    pub(super) fn parse(tokens: &[TokenTree]) -> Option<TypeParameters> {
        if !is_colons(tokens) || !is_punct(tokens.get(2)?, '<') {
            return None;
        }
        let mut types = vec![Vec::new()];
        let mut depth = 0;
        for (at, token) in tokens.iter().enumerate().skip(3) {
            // Not the `>` of an arrow.
            let arrow = is_punct(&tokens[at - 1], '-');
            if is_punct(token, '<') {
                depth += 1;
            } else if is_punct(token, '>') && !arrow {
                if depth == 0 {
                    let open = tokens[..3].to_vec();
                    return Some(TypeParameters {
                        open,
                        types,
                        close: token.clone(),
                        length: at + 1,
                    });
                }
                depth -= 1;
            } else if is_punct(token, ',') && depth == 0 {
                types.push(Vec::new());
                continue;
            }
            types.last_mut()?.push(token.clone());
        }
        None
    }

    /// The type at `index`, unless it is `_`, which then replaces it: the rewritten argument is of another
    /// type.
    pub(super) fn take(&mut self, index: usize) -> Option<TokenStream> {
        self.get(index)?;
        let ty = self.types.get_mut(index)?;
        let underscore = TokenTree::Ident(Ident::new("_", ty.first()?.span()));
        let ty = std::mem::replace(ty, vec![underscore]);
        Some(ty.into_iter().collect())
    }

    /// The type at `index`, unless it is `_`.
    pub(super) fn get(&self, index: usize) -> Option<TokenStream> {
        match &self.types.get(index)?[..] {
            [] => None,
            [TokenTree::Ident(word)] if word == "_" => None,
            ty => Some(ty.iter().cloned().collect()),
        }
    }

    pub(super) fn into_tokens(self) -> TokenStream {
        let TypeParameters { open, types, close, length: _ } = self;
        quote_spanned!(close.span()=> #(#open)* #(#(#types)*),* #close)
    }
}
