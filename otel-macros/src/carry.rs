//! Which calls in a body start work elsewhere, and how does the context come along?
//!
//! ```text
//! tokio::spawn(FUTURE)        ─→ tokio::spawn(__private::carry_future(FUTURE))
//! std::thread::spawn(CLOSURE) ─→ std::thread::spawn(__private::carry(CLOSURE))
//! ```
//! On tokens, because a body is not parsed, and because that reaches into the arguments of macros.
//! So a path counts as it is written: what it resolves to, nobody knows yet.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Path, Token};

/// A function that starts work elsewhere.
#[derive(Clone, Copy)]
struct Spawn {
    path: &'static [&'static str],
    takes: Takes,
    arguments: usize,
    /// Whether its first type parameters are the types of its arguments.
    names_arguments: bool,
}

#[derive(Clone, Copy)]
enum Takes {
    Future,
    Closure,
}

const SPAWNS: [Spawn; 8] = [
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

/// Macros whose arguments are not code that runs here.
const QUOTING: [&str; 5] =
    ["parse_quote", "parse_quote_spanned", "quote", "quote_spanned", "stringify"];

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
        let mut generics = Generics::parse(rest);
        let length = path + generics.as_ref().map_or(0, |generics| generics.length);
        let Some(TokenTree::Group(group)) = tokens.get(at + length) else { return None };
        if group.delimiter() != Delimiter::Parenthesis {
            return None;
        }
        let carried: Vec<TokenStream> = arguments(group.stream(), spawn.arguments)?
            .into_iter()
            .enumerate()
            .map(|(index, argument)| {
                let generics = generics.as_mut().filter(|_| spawn.names_arguments);
                let ty = generics.and_then(|generics| generics.take(index));
                self.carried(spawn.takes, ty, argument)
            })
            .collect();
        let place = group.span();
        let path = &tokens[at..at + path];
        let generics = generics.map(Generics::into_tokens);
        let mut arguments =
            Group::new(Delimiter::Parenthesis, quote_spanned!(place=> #(#carried),*));
        arguments.set_span(place);
        Some((quote_spanned!(place=> #(#path)* #generics #arguments), length + 1))
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

/// `::<A, B>` behind the path of a call.
struct Generics {
    open: Vec<TokenTree>,
    types: Vec<Vec<TokenTree>>,
    close: TokenTree,
    length: usize,
}

impl Generics {
    fn parse(tokens: &[TokenTree]) -> Option<Generics> {
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
                    return Some(Generics { open, types, close: token.clone(), length: at + 1 });
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

    /// The type at `index`, if it says anything, with `_` left in its place: what the call is given
    /// is of another type now.
    fn take(&mut self, index: usize) -> Option<TokenStream> {
        let ty = self.types.get_mut(index)?;
        let span = match &ty[..] {
            [] => return None,
            [TokenTree::Ident(word)] if word == "_" => return None,
            [first, ..] => first.span(),
        };
        let underscore = TokenTree::Ident(Ident::new("_", span));
        let ty = std::mem::replace(ty, vec![underscore]);
        Some(ty.into_iter().collect())
    }

    fn into_tokens(self) -> TokenStream {
        let Generics { open, types, close, length: _ } = self;
        quote_spanned!(close.span()=> #(#open)* #(#(#types)*),* #close)
    }
}

/// The spawn function whose path `tokens` begin with, and how long the path is.
fn spawn(tokens: &[TokenTree]) -> Option<(Spawn, usize)> {
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
fn continues_a_path(tokens: &[TokenTree], at: usize) -> bool {
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

/// How many tokens at the beginning are not code that runs here: an attribute, a macro that quotes,
/// an item with a body of its own.
fn not_here(tokens: &[TokenTree]) -> usize {
    let [first, rest @ ..] = tokens else { return 0 };
    if is_punct(first, '#') {
        return match rest {
            [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Bracket => 2,
            _ => 0,
        };
    }
    let TokenTree::Ident(word) = first else { return 0 };
    match rest {
        [bang, TokenTree::Group(_), ..]
            if is_punct(bang, '!') && QUOTING.iter().any(|it| word == it) =>
        {
            3
        }
        [bang, TokenTree::Ident(_), TokenTree::Group(_), ..]
            if is_punct(bang, '!') && word == "macro_rules" =>
        {
            4
        }
        [TokenTree::Ident(_), ..] if word == "fn" || word == "mod" || word == "trait" => {
            item(tokens, Delimiter::Brace)
        }
        [_, ..] if word == "impl" => item(tokens, Delimiter::Brace),
        // Not `*const T`, nor `&'static T`.
        [TokenTree::Ident(_), TokenTree::Punct(colon), ..]
            if (word == "const" || word == "static")
                && colon.as_char() == ':'
                && colon.spacing() == Spacing::Alone =>
        {
            item(tokens, Delimiter::None)
        }
        _ => 0,
    }
}

/// How long an item is that ends with its braces, if it has any, or with a semicolon.
fn item(tokens: &[TokenTree], body: Delimiter) -> usize {
    let end = tokens.iter().position(|token| match token {
        TokenTree::Group(group) => {
            body == Delimiter::Brace && group.delimiter() == Delimiter::Brace
        }
        token => is_punct(token, ';'),
    });
    end.map_or(tokens.len(), |end| end + 1)
}

/// The arguments of a call, if there are as many as it takes; what else is wrong, the compiler says.
fn arguments(tokens: TokenStream, count: usize) -> Option<Vec<Vec<TokenTree>>> {
    let mut trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let trailing = trees.last().is_some_and(|last| is_punct(last, ','));
    trees.truncate(trees.len() - usize::from(trailing));
    if trees.is_empty() {
        return None;
    }
    // A comma may also stand in a closure's parameters or in a turbofish.
    if count == 1 && !trees.iter().any(|token| is_punct(token, ',')) {
        return Some(vec![trees]);
    }
    let mut rest = trees.into_iter();
    let arguments = lengths.parse2(tokens).ok()?.into_iter().map(|length| {
        let argument = rest.by_ref().take(length).collect();
        rest.next();
        argument
    });
    let arguments: Vec<_> = arguments.collect();
    (arguments.len() == count).then_some(arguments)
}

/// How many tokens each of some expressions has.
fn lengths(input: ParseStream<'_>) -> syn::Result<Vec<usize>> {
    let left = |input: ParseStream<'_>| -> syn::Result<usize> {
        Ok(input.fork().parse::<TokenStream>()?.into_iter().count())
    };
    let mut lengths = Vec::new();
    while !input.is_empty() {
        let before = left(input)?;
        input.parse::<Expr>()?;
        lengths.push(before - left(input)?);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(lengths)
}

fn is_colons(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Punct(first), second, ..] => {
            first.as_char() == ':' && first.spacing() == Spacing::Joint && is_punct(second, ':')
        }
        _ => false,
    }
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
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
