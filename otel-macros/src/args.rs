//! What did the user write between the parentheses of `#[traced(...)]`?

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprClosure, LitBool, LitStr, Path, Token};

use crate::attrs::{self, Attr};
use crate::errors::Errors;
use crate::suggest::suggestion;

const KNOWN: [&str; 8] = ["attrs", "crate", "err", "kind", "name", "parent", "root", "skip_pii"];

const KINDS: [&str; 5] = ["server", "client", "producer", "consumer", "internal"];

/// Arguments of other libraries' attributes, and what to do instead.
const FOREIGN: [(&str, &str); 6] = [
    ("fields", "write `attrs(key = value)`"),
    ("skip", "leave it out: nothing is recorded that `attrs(..)` does not list"),
    ("skip_all", "leave it out: nothing is recorded that `attrs(..)` does not list"),
    ("short_name", "leave it out: the name is `function` or `Type::method`"),
    ("properties", "write `attrs(key = value)`"),
    ("enter_on_poll", "leave it out: the span is current in every poll"),
];

/// The arguments, each as it was written.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) attrs: Vec<Attr>,
    pub(crate) krate: Option<Path>,
    pub(crate) err: Option<Err>,
    pub(crate) kind: Option<Kind>,
    pub(crate) name: Option<Name>,
    pub(crate) parent: Option<Parent>,
    pub(crate) skip_pii: bool,
}

/// `err = ...`
pub(crate) struct Err {
    pub(crate) span: Span,
    pub(crate) text: ErrText,
}

pub(crate) enum ErrText {
    Off,
    Display(Token![%]),
    Debug(Token![?]),
    With(Box<ExprClosure>),
}

/// `kind = ...`, as a variant of OpenTelemetry's `SpanKind`.
pub(crate) struct Kind(pub(crate) Ident);

/// `name = ...`
pub(crate) enum Name {
    Literal(LitStr),
    Computed(Expr),
}

/// `parent = ...` or `root`
pub(crate) enum Parent {
    Given(Expr),
    Root,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Args {
        let mut args = Args::default();
        let parsed = (|input: ParseStream<'_>| {
            let mut given = Vec::new();
            while !input.is_empty() {
                let parsed = args.parse_one(input, &mut given, errors);
                let span = input.span();
                let left = skip_argument(input);
                match parsed {
                    Err(error) => errors.push(error),
                    Ok(()) if left => errors.at(span, "expected `,` and the next argument"),
                    Ok(()) => {}
                }
                let _ = input.parse::<Token![,]>();
            }
            Ok(())
        })
        .parse2(tokens);
        if let Err(error) = parsed {
            errors.push(error);
        }
        args
    }

    fn parse_one(
        &mut self,
        input: ParseStream<'_>,
        given: &mut Vec<Ident>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let argument = argument_name(input)?;
        let name = argument.to_string();
        if !KNOWN.contains(&name.as_str()) {
            return Err(unknown(&argument));
        }
        if let Some(clash) = clash(&name, given) {
            Args::default().parse_value(&argument, input, &mut Errors::default())?;
            return Err(syn::Error::new(argument.span(), clash));
        }
        given.push(argument.clone());
        self.parse_value(&argument, input, errors)
    }

    fn parse_value(
        &mut self,
        argument: &Ident,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let span = argument.span();
        match argument.to_string().as_str() {
            "attrs" => self.attrs = attrs::parse(input, span, errors)?,
            "root" => self.parent = Some(Parent::Root),
            "skip_pii" => self.skip_pii = true,
            name => {
                equals(input, argument)?;
                match name {
                    "crate" => self.krate = Some(input.call(Path::parse_mod_style)?),
                    "err" => self.err = Some(Err { span, text: ErrText::parse(input)? }),
                    "kind" => self.kind = Some(Kind::parse(input)?),
                    "name" => self.name = Some(Name::parse(input)?),
                    _ => self.parent = Some(Parent::Given(expression(input)?)),
                }
            }
        }
        Ok(())
    }
}

impl ErrText {
    fn parse(input: ParseStream<'_>) -> syn::Result<ErrText> {
        if input.peek(Token![%]) {
            return Ok(ErrText::Display(input.parse()?));
        }
        if input.peek(Token![?]) {
            return Ok(ErrText::Debug(input.parse()?));
        }
        let span = input.span();
        if let Ok(literal) = input.fork().parse::<LitBool>() {
            if !literal.value {
                input.parse::<LitBool>()?;
                return Ok(ErrText::Off);
            }
        } else if let Ok(Expr::Closure(closure)) = input.fork().parse::<Expr>() {
            expression(input)?;
            return Ok(ErrText::With(Box::new(closure)));
        }
        Err(syn::Error::new(
            span,
            "what to record of an error is `%` for its `Display` (the default), `?` for its `Debug`, \
             `false` for nothing, or a closure that makes the text: `err = |error| error.code()`",
        ))
    }
}

impl Kind {
    fn parse(input: ParseStream<'_>) -> syn::Result<Kind> {
        let span = input.span();
        let kind = input.call(Ident::parse_any).map_err(|_| {
            syn::Error::new(span, format!("a span kind is a word: {}", suggestion("", &KINDS)))
        })?;
        let word = kind.to_string();
        if !KINDS.contains(&word.as_str()) {
            let suggestion = suggestion(&word.to_lowercase(), &KINDS);
            return Err(syn::Error::new(span, format!("unknown span kind `{word}`: {suggestion}")));
        }
        let variant = word[..1].to_uppercase() + &word[1..];
        Ok(Kind(Ident::new(&variant, Span::mixed_site())))
    }
}

impl Name {
    fn parse(input: ParseStream<'_>) -> syn::Result<Name> {
        // A literal, unless more follows: `"GET ".to_owned() + ROUTE`.
        if let Ok(literal) = input.fork().parse::<LitStr>() {
            let ahead = input.fork();
            ahead.parse::<LitStr>()?;
            if ahead.is_empty() || ahead.peek(Token![,]) {
                input.parse::<LitStr>()?;
                if literal.value().is_empty() {
                    return Err(syn::Error::new(
                        literal.span(),
                        "a span without a name cannot be found: name it, or leave `name` out for \
                         `function` or `Type::method`",
                    ));
                }
                return Ok(Name::Literal(literal));
            }
        }
        expression(input).map(Name::Computed)
    }
}

/// An expression that is evaluated before the body.
pub(crate) fn expression(input: ParseStream<'_>) -> syn::Result<Expr> {
    let expression: Expr = input.parse()?;
    match awaited(expression.to_token_stream()) {
        None => Ok(expression),
        Some(span) => Err(syn::Error::new(
            span,
            "the arguments of `#[traced]` are evaluated without waiting: await it in the body, and \
             record it there with `Context::current().span().set_attribute(..)`",
        )),
    }
}

fn awaited(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => (ident == "await").then(|| ident.span()),
        TokenTree::Group(group) => awaited(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}

fn argument_name(input: ParseStream<'_>) -> syn::Result<Ident> {
    let span = input.span();
    if input.peek(LitStr) {
        return Err(syn::Error::new(span, "for the span's name write `name = \"...\"`"));
    }
    input.call(Ident::parse_any).map_err(|_| {
        syn::Error::new(span, format!("expected an argument: {}", suggestion("", &KNOWN)))
    })
}

fn unknown(argument: &Ident) -> syn::Error {
    let word = argument.to_string();
    let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == word);
    let remedy =
        foreign.map_or_else(|| suggestion(&word, &KNOWN), |(_, remedy)| (*remedy).to_owned());
    syn::Error::new(argument.span(), format!("unknown argument `{word}`: {remedy}"))
}

/// Why `name` cannot be given beside what was given before.
fn clash(name: &str, given: &[Ident]) -> Option<String> {
    if given.iter().any(|given| given == name) {
        let remedy = if name == "attrs" { "put all attributes into the first" } else { "keep one" };
        return Some(format!("`{name}` is given twice: {remedy}"));
    }
    let rival = match name {
        "root" => "parent",
        "parent" => "root",
        _ => return None,
    };
    given.iter().any(|given| given == rival).then(|| {
        format!("`{name}` contradicts `{rival}`: a root has no parent, so keep one of them")
    })
}

fn equals(input: ParseStream<'_>, argument: &Ident) -> syn::Result<()> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        return Ok(());
    }
    let form = match argument.to_string().as_str() {
        "err" => {
            "errors of a `Result` are recorded by default; how is said by `err = %`, `err = ?`, \
                  `err = false` or `err = |error| ...`"
                .to_owned()
        }
        argument => format!("`{argument}` needs a value: `{argument} = ...`"),
    };
    Err(syn::Error::new(argument.span(), form))
}

/// Skips to the comma that ends an argument, and says whether there was anything to skip.
pub(crate) fn skip_argument(input: ParseStream<'_>) -> bool {
    let mut skipped = false;
    while !input.is_empty() && !input.peek(Token![,]) {
        skipped = input.parse::<TokenTree>().is_ok();
    }
    skipped
}
