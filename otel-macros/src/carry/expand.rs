//! How is a call written that takes the context along?

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

use super::arguments::{Argument, arguments};
use super::calls::{Call, Form, Scope, Work, continues_a_path};
use super::chains::{self, Method};
use super::closure::Closure;
use super::groups::{parenthesized, put_together};
use super::rewriter::{Expanded, Rewriter, with_stream};
use super::type_parameters::TypeParameters;
use crate::tokens::is_punct;

/// The call that begins at `at`, rewritten.
pub(super) fn expand(rewriter: &Rewriter<'_>, tokens: &[TokenTree], at: usize) -> Expanded {
    rewriter
        .assertion(&tokens[at..])
        .or_else(|| rewriter.call(tokens, at))
        .or_else(|| rewriter.chain(tokens, at))
        .or_else(|| rewriter.in_scope(tokens, at))
}

impl Rewriter<'_> {
    /// The call by its path that begins at `at`.
    fn call(&self, tokens: &[TokenTree], at: usize) -> Expanded {
        if continues_a_path(tokens, at) {
            return None;
        }
        let (call, length) = Call::find(&tokens[at..])?;
        let path = &tokens[at..at + length];
        let types = TypeParameters::parse(&tokens[at + length..]);
        let length = length + types.as_ref().map_or(0, |types| types.length);
        let group = parenthesis(tokens.get(at + length))?;
        let tokens = match call.form {
            Form::Spawn { work, names_work } => self.spawn(path, types, group, work, names_work)?,
            Form::Join => self.join(path, types, group)?,
            Form::Scope(scope) => self.scoped(path, types, group, scope)?,
        };
        Some((tokens, length + 1))
    }

    /// `spawn(carry(WORK))`
    fn spawn(
        &self,
        path: &[TokenTree],
        mut types: Option<TypeParameters>,
        group: &Group,
        work: Work,
        names_work: bool,
    ) -> Option<TokenStream> {
        let argument = arguments(group.stream(), 1)?.pop()?;
        let types_of_work = types.as_mut().filter(|_| names_work);
        let arguments = with_stream(group, self.carried(work, types_of_work, argument));
        let types = types.map(TypeParameters::into_tokens);
        Some(quote!(#(#path)* #types #arguments))
    }

    /// `both(A, B).by(join)`
    fn join(
        &self,
        path: &[TokenTree],
        types: Option<TypeParameters>,
        group: &Group,
    ) -> Option<TokenStream> {
        let closures = arguments(group.stream(), 2)?.into_iter().map(|it| self.anew(it));
        let closures = with_stream(group, quote_spanned!(group.span()=> #(#closures),*));
        let here = path.first()?.span();
        let private = self.private(here);
        let types = types.map(TypeParameters::into_tokens);
        let join = with_stream(group, quote!(#(#path)*));
        Some(quote_spanned!(here=> #private::both #types #closures.by #join))
    }

    /// `scope(|s| BODY)`, where the body knows `s`.
    fn scoped(
        &self,
        path: &[TokenTree],
        types: Option<TypeParameters>,
        group: &Group,
        scope: Scope,
    ) -> Option<TokenStream> {
        let argument = arguments(group.stream(), 1)?.pop()?;
        let mut closure = Closure::parse(&argument)?;
        if closure.shadows() {
            return None;
        }
        let inner = self.within(closure.parameter.clone(), scope);
        closure.body = inner.anew(closure.body).into_iter().collect();
        let types = types.map(TypeParameters::into_tokens);
        if scope == Scope::OfThreads {
            let Closure { head, body, .. } = closure;
            let arguments = with_stream(group, quote!(#(#head)* #(#body)*));
            return Some(quote!(#(#path)* #types #arguments));
        }
        let here = path.first()?.span();
        let private = self.private(here);
        let arguments = with_stream(group, attached(closure));
        let carried = carried();
        let call = with_stream(group, quote!(|#carried| #(#path)* #types #arguments));
        Some(quote_spanned!(here=> #private::waiting #call))
    }

    /// `s.spawn(carry(CLOSURE))`
    fn in_scope(&self, tokens: &[TokenTree], at: usize) -> Expanded {
        let [TokenTree::Ident(word), dot, TokenTree::Ident(method), ..] = &tokens[at..] else {
            return None;
        };
        let is_field = at > 0 && is_punct(&tokens[at - 1], '.');
        if is_field || !is_punct(dot, '.') {
            return None;
        }
        let (_, scope) = self.scopes.iter().rev().find(|(name, _)| word == name)?;
        if method != "spawn" && (method != "spawn_fifo" || *scope == Scope::OfThreads) {
            return None;
        }
        let group = parenthesis(tokens.get(at + 3))?;
        let argument = arguments(group.stream(), 1)?.pop()?;
        let carried = match scope {
            Scope::OfThreads => self.carried(Work::Closure, None, argument),
            Scope::OfJobs => self.job(&argument)?,
        };
        let arguments = with_stream(group, carried);
        Some((quote!(#word #dot #method #arguments), 4))
    }

    /// `{ let carried = Carried::here(); |s| { .. } }`: a closure with a parameter stays as it is, since
    /// only the call that it is for can infer the parameter's type.
    fn job(&self, argument: &[TokenTree]) -> Option<TokenStream> {
        let mut closure = Closure::parse(argument)?;
        let name = closure.parameter.clone().filter(|_| !closure.shadows());
        let inner = self.within(name, Scope::OfJobs);
        closure.body = inner.anew(closure.body).into_iter().collect();
        let here = argument.first()?.span();
        let end = argument.last()?.span();
        let private = self.private(here);
        let (carried, closure) = (carried(), attached(closure));
        let site = Span::mixed_site();
        let mut block = Group::new(
            Delimiter::Brace,
            quote_spanned!(site=> let #carried = #private::Carried::here(); #closure),
        );
        block.set_span(site.located_at(end));
        Some(block.to_token_stream())
    }

    /// The method that ends the chain which begins at `at`.
    fn chain(&self, tokens: &[TokenTree], at: usize) -> Expanded {
        if continues_a_path(tokens, at) {
            return None;
        }
        let (method, length) = Method::find(&tokens[at..])?;
        // Before the dot.
        let receiver = self.anew(tokens[at..at + length - 1].to_vec());
        let rest = &tokens[at + length - 1..];
        let mut types = TypeParameters::parse(&rest[2..]);
        let until = 2 + types.as_ref().map_or(0, |types| types.length);
        let group = parenthesis(rest.get(until))?;
        let (dot, name) = (&rest[0], &rest[1]);
        let length = length - 1 + until + 1;
        match method.form {
            chains::Form::Spawn { work, index, count } => {
                let arguments = arguments(group.stream(), count)?.into_iter().enumerate();
                let arguments = arguments.map(|(at, argument)| {
                    let types = types.as_mut().filter(|_| index == 0);
                    if at == index {
                        self.carried(work, types, argument)
                    } else {
                        self.anew(argument)
                    }
                });
                let arguments: Vec<_> = arguments.collect();
                let arguments = with_stream(group, quote_spanned!(group.span()=> #(#arguments),*));
                let types = types.map(TypeParameters::into_tokens);
                Some((quote!(#receiver #dot #name #types #arguments), length))
            }
            chains::Form::BlockOn => {
                let future = self.anew(arguments(group.stream(), 1)?.pop()?);
                let here = tokens[at].span();
                let site = Span::mixed_site();
                let private = self.private(here);
                let block_on =
                    quote_spanned!(site=> |__otel_executor, __otel_future| __otel_executor);
                let given = quote_spanned!(site=> (__otel_future));
                let arguments = with_stream(
                    group,
                    quote_spanned!(site=> #receiver, #future, #block_on #dot #name #given),
                );
                Some((quote_spanned!(here=> #private::blocking #arguments), length))
            }
        }
    }

    /// `assert!(CONDITION)`, whose message has the text of the condition: as it was written.
    fn assertion(&self, tokens: &[TokenTree]) -> Expanded {
        let [TokenTree::Ident(name), bang, TokenTree::Group(group), ..] = tokens else {
            return None;
        };
        if !is_punct(bang, '!') || (name != "assert" && name != "debug_assert") {
            return None;
        }
        let condition = arguments(group.stream(), 1)?.pop()?.into_iter().collect();
        let carried = self.stream(condition)?;
        // As one stream, the condition is printed with the user's spaces.
        let text = group.stream().to_string();
        let text = text.trim_end().trim_end_matches(',').trim_end();
        // Without a format string before it, the text is the panic's payload as it is; but before edition
        // 2021 braces cannot be escaped there.
        let format = text.contains(['{', '}']).then_some("{}").into_iter();
        let text = Literal::string(&format!("assertion failed: {text}"));
        let site = Span::mixed_site();
        let arguments = with_stream(group, quote_spanned!(site=> #carried, #(#format,)* #text));
        Some((quote!(#name #bang #arguments), 3))
    }

    /// `carry(ARGUMENT)`.
    ///
    /// It begins and ends with spans of the argument's own first and last token, hygiene included, so
    /// that to the compiler it is at the argument's place and in the user's code: an error in a closure
    /// points at the closure, and not at `#[traced]`. It binds no names, so it needs no hygiene.
    fn carried(
        &self,
        work: Work,
        types: Option<&mut TypeParameters>,
        argument: Vec<TokenTree>,
    ) -> TokenStream {
        let here = argument.first().map_or_else(Span::mixed_site, TokenTree::span);
        let end = argument.last().map_or_else(Span::mixed_site, TokenTree::span);
        let kind = Argument::of(&argument);
        let mut argument = Group::new(Delimiter::Parenthesis, self.anew(argument));
        argument.set_span(end);
        let private = self.private(here);
        // Type parameters of the call move to `carry`, where they still fit.
        let named = types.and_then(|types| {
            let result = types.get(1).filter(|_| work == Work::Closure);
            let given = types.take(0);
            if given.is_none() && result.is_none() {
                return None;
            }
            let underscore = || quote_spanned!(here=> _);
            let given = given.unwrap_or_else(underscore);
            Some(match work {
                Work::Future => quote_spanned!(here=> ::<#given>),
                Work::Closure => {
                    let result = result.unwrap_or_else(underscore);
                    quote_spanned!(here=> ::<#given, #result>)
                }
            })
        });
        match (work, kind, named) {
            // Not a future: the path is not tokio's, or it is a mistake that the compiler explains.
            (Work::Future, Argument::Closure, None) => argument.stream(),
            (Work::Future, Argument::AsyncBlock, named) | (Work::Future, _, named @ Some(_)) => {
                quote_spanned!(here=> #private::carry_future #named #argument)
            }
            (Work::Closure, Argument::Closure, named) | (Work::Closure, _, named @ Some(_)) => {
                quote_spanned!(here=> #private::carry #named #argument)
            }
            (_, Argument::AsyncBlock | Argument::Other, None) => {
                self.probes.set(true);
                let mut nothing = Group::new(Delimiter::Parenthesis, TokenStream::new());
                nothing.set_span(end);
                let carry = match work {
                    Work::Future => quote_spanned!(here=> carry_future),
                    Work::Closure => quote_spanned!(here=> carry),
                };
                quote_spanned!(here=> #private::Given::new #argument.#carry #nothing)
            }
        }
    }

    /// `{ use ..; BODY }`: imports the traits that look at the type of a call's argument.
    pub(super) fn with_probes(&self, body: TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let private = self.private(site);
        let traits = quote_spanned! {site=>
            #[allow(unused_imports)]
            use #private::probes::Uncarried as _;
        };
        begin_with(&traits, body)
    }

    /// `::otel_runtime::__private`
    fn private(&self, span: Span) -> TokenStream {
        let krate = self.krate.to_token_stream().into_iter().map(|mut token| {
            token.set_span(span);
            token
        });
        quote_spanned!(span=> #(#krate)*::__private)
    }
}

/// `|s| { let attached = carried.attach(); BODY }`
fn attached(closure: Closure) -> TokenStream {
    let Closure { head, body, .. } = closure;
    let end = body.last().map_or_else(Span::mixed_site, TokenTree::span);
    let carried = carried();
    let attach = quote_spanned!(Span::mixed_site()=> let __otel_attached = #carried.attach(););
    let body = match &body[..] {
        // In the same block: the compiler would warn of another one around it.
        [TokenTree::Group(block)] if block.delimiter() == Delimiter::Brace => {
            begin_with(&attach, block.stream())
        }
        _ => {
            let body = parenthesized(body.into_iter().collect(), end);
            quote!(#attach #body)
        }
    };
    let mut block = Group::new(Delimiter::Brace, body);
    // The edition of a closure, which says what it captures and when temporaries of the block are
    // dropped, is that of its last token.
    block.set_span(end);
    quote!(#(#head)* #block)
}

/// What is in a block, with `statement` before it and behind its inner attributes.
fn begin_with(statement: &TokenStream, block: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = block.into_iter().collect();
    let mut attributes = 0;
    while let [hash, bang, TokenTree::Group(_), ..] = &tokens[attributes..]
        && is_punct(hash, '#')
        && is_punct(bang, '!')
    {
        attributes += 3;
    }
    let (attributes, rest) = tokens.split_at(attributes);
    let rest = put_together(rest.to_vec());
    quote!(#(#attributes)* #statement #rest)
}

/// The context, for a closure that is not wrapped.
fn carried() -> TokenStream {
    quote_spanned!(Span::mixed_site()=> __otel_carried)
}

fn parenthesis(token: Option<&TokenTree>) -> Option<&Group> {
    match token? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group),
        _ => None,
    }
}
