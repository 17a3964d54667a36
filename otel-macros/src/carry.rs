//! Which calls in a body start work elsewhere, and how does the context come along?
//!
//! ```text
//! tokio::spawn(FUTURE)        ─→ tokio::spawn(__private::carry_future(FUTURE))
//! std::thread::spawn(CLOSURE) ─→ std::thread::spawn(__private::carry(CLOSURE))
//! ```
//! On tokens, because a body is not parsed, and because that reaches into the arguments of macros.
//! So a path counts as it is written: what it resolves to, nobody knows yet.

mod arguments;
mod calls;
mod elsewhere;
mod tokens;
mod type_parameters;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Path;

use arguments::arguments;
use calls::{SPAWNS, Takes, continues_a_path, spawn};
use elsewhere::not_here;
use type_parameters::TypeParameters;

/// `body`, where what is handed to a spawn call takes the context along.
pub(crate) fn carry(body: Group, krate: &Path) -> Group {
    if !may_spawn(&body.stream()) {
        return body;
    }
    Rewriter { krate }.group(&body).unwrap_or(body)
}

/// Whether `tokens` have a word that ends one of the paths: most bodies do not.
fn may_spawn(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(word) => {
            SPAWNS.iter().any(|it| it.path.last().is_some_and(|it| word == it))
        }
        TokenTree::Group(group) => may_spawn(&group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

struct Rewriter<'a> {
    krate: &'a Path,
}

impl Rewriter<'_> {
    /// `None` where nothing changes: a group built anew has one span instead of three.
    fn group(&self, group: &Group) -> Option<Group> {
        let mut rewritten = Group::new(group.delimiter(), self.stream(group.stream())?);
        rewritten.set_span(group.span());
        Some(rewritten)
    }

    fn stream(&self, tokens: TokenStream) -> Option<TokenStream> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut rewritten = TokenStream::new();
        let mut changed = false;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let passed = not_here(&tokens[at..]);
            if passed > 0 {
                rewritten.extend(tokens[at..at + passed].iter().cloned());
                at += passed;
                continue;
            }
            if let Some((call, length)) = self.call(&tokens, at) {
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
            rewritten.extend([group.unwrap_or_else(|| token.clone())]);
            at += 1;
        }
        changed.then_some(rewritten)
    }

    /// The call that begins at `at`, and how many tokens it was.
    fn call(&self, tokens: &[TokenTree], at: usize) -> Option<(TokenStream, usize)> {
        if continues_a_path(tokens, at) {
            return None;
        }
        let (spawn, path) = spawn(&tokens[at..])?;
        let rest = &tokens[at + path..];
        let mut types = TypeParameters::parse(rest);
        let length = path + types.as_ref().map_or(0, |types| types.length);
        let Some(TokenTree::Group(group)) = tokens.get(at + length) else { return None };
        if group.delimiter() != Delimiter::Parenthesis {
            return None;
        }
        let carried: Vec<TokenStream> = arguments(group.stream(), spawn.arguments)?
            .into_iter()
            .enumerate()
            .map(|(index, argument)| {
                let types = types.as_mut().filter(|_| spawn.names_arguments);
                let ty = types.and_then(|types| types.take(index));
                self.carried(spawn.takes, ty, argument)
            })
            .collect();
        let place = group.span();
        let path = &tokens[at..at + path];
        let types = types.map(TypeParameters::into_tokens);
        let mut arguments =
            Group::new(Delimiter::Parenthesis, quote_spanned!(place=> #(#carried),*));
        arguments.set_span(place);
        Some((quote_spanned!(place=> #(#path)* #types #arguments), length + 1))
    }

    /// `carry(ARGUMENT)`.
    ///
    /// It begins and ends with spans of the argument's own first and last token, hygiene included, so
    /// that to the compiler it is at the argument's place and in the user's code: what is wrong with
    /// a closure is told at the closure, and not at `#[traced]`. It binds no names to be hygienic of.
    fn carried(
        &self,
        takes: Takes,
        ty: Option<TokenStream>,
        argument: Vec<TokenTree>,
    ) -> TokenStream {
        let here = argument.first().map_or_else(Span::mixed_site, TokenTree::span);
        let end = argument.last().map_or_else(Span::mixed_site, TokenTree::span);
        let krate = self.krate.to_token_stream().into_iter().map(|mut token| {
            token.set_span(here);
            token
        });
        let carry = match (takes, ty) {
            (Takes::Future, None) => quote_spanned!(here=> carry_future),
            (Takes::Future, Some(ty)) => quote_spanned!(here=> carry_future::<#ty>),
            (Takes::Closure, None) => quote_spanned!(here=> carry),
            (Takes::Closure, Some(ty)) => quote_spanned!(here=> carry::<#ty, _>),
        };
        let argument: TokenStream = argument.into_iter().collect();
        let argument = self.stream(argument.clone()).unwrap_or(argument);
        let mut arguments = Group::new(Delimiter::Parenthesis, argument);
        arguments.set_span(end);
        quote_spanned!(here=> #(#krate)*::__private::#carry #arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(body: &str) -> String {
        let mut group = Group::new(Delimiter::Brace, body.parse().expect("a body is tokens"));
        group.set_span(Span::call_site());
        let krate: Path = syn::parse_str("k").expect("a path");
        carry(group, &krate).stream().to_string()
    }

    /// Both as the compiler would print them, but for how it spaces `::<`.
    fn assert_carried(body: &str, expected: &str) {
        let expected: TokenStream = expected.parse().expect("an expectation is tokens");
        assert_eq!(carried(body).replace(' ', ""), expected.to_string().replace(' ', ""), "{body}");
    }

    #[test]
    fn a_call_begins_wherever_an_expression_may() {
        let call = "k::__private::carry_future(f)";
        for before in ["return", "x = ", "S { x: ", "x =>", "|x|", "if", "; ", "{ }", "&", "#[a]"] {
            for path in ["tokio::spawn", "::tokio::spawn", "tokio::task::spawn_local::<_>"] {
                let after = if before.ends_with("x: ") { "}" } else { "" };
                if path.starts_with("::") && before.contains("x:") {
                    continue;
                }
                assert_carried(
                    &format!("{before} {path}(f){after}"),
                    &format!("{before} {path}({call}){after}"),
                );
            }
        }
    }

    #[test]
    fn what_is_not_such_a_call_stays_as_it_is() {
        for body in [
            "my::tokio::spawn(f)",
            "::my::tokio::spawn(f)",
            "crate::tokio::spawn(f)",
            "<T>::tokio::spawn(f)",
            "tokio::spawn::more(f)",
            "tokio::spawn",
            "tokio::spawn()",
            "tokio::spawn[f]",
            "tokio::spawn(a, b)",
            "tokio::spawn::<(f)",
            "rayon::join(f)",
            "rayon::join(f, g, h)",
            "spawn(f)",
            "thread::spawn(f)",
            "x.spawn(f)",
            "use tokio::spawn;",
            "fn g() { tokio::spawn(f) }",
            "pub(crate) unsafe fn g<T: 'static>() -> [T; 2] where T: Fn() -> u8 { tokio::spawn(f) }",
            "impl A for B { fn g() { tokio::spawn(f) } }",
            "mod m { fn g() { tokio::spawn(f) } }",
            "static S: LazyLock<T> = LazyLock::new(|| { tokio::spawn(f); });",
            "macro_rules! m { () => { tokio::spawn(f) } }",
            "quote::quote! { tokio::spawn(f) }",
            "#[doc(tokio::spawn(f))]",
        ] {
            assert_carried(body, body);
        }
    }

    #[test]
    fn what_follows_an_item_or_resembles_one_is_a_body_again() {
        let call = "tokio::spawn(f)";
        let carried = "tokio::spawn(k::__private::carry_future(f))";
        for before in [
            "fn g() { }",
            "static S: u8 = 1;",
            "const { 1 }",
            "let p = x as *const u8 as *const T; let q: &'static str = r;",
            "let g: fn(u8) = h;",
            "stringify!(x); quote != x;",
        ] {
            assert_carried(&format!("{before} {call}"), &format!("{before} {carried}"));
        }
    }

    #[test]
    fn arguments_are_parted_where_expressions_end() {
        let carry = "k::__private::carry";
        assert_carried(
            "rayon::join(f::<A, B>, move |()| g::<C, D>(),)",
            &format!("rayon::join({carry}(f::<A, B>), {carry}(move |()| g::<C, D>()))"),
        );
        assert_carried(
            "rayon::join::<A<B, fn() -> C>, _, D, E>(f, g)",
            &format!("rayon::join::<_, _, D, E>({carry}::<A<B, fn() -> C>, _>(f), {carry}(g))"),
        );
        assert_carried("rayon::spawn(f::<A, B>)", &format!("rayon::spawn({carry}(f::<A, B>))"));
    }
}
