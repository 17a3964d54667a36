//! What did the user write between the parentheses of `#[traced(...)]`?

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, LitBool, LitStr, Path, Token, parenthesized, token};

use crate::attrs::{self, Attrs, Form};
use crate::errors::Errors;
use crate::suggest::suggestion;

const KNOWN: [&str; 17] = [
    "attrs", "carry", "crate", "err", "error_if", "kind", "level", "links", "name", "ok_if",
    "parent", "ret", "root", "scope", "skip", "skip_pii", "timings",
];

const KINDS: [&str; 5] = ["server", "client", "producer", "consumer", "internal"];

const LEVELS: [&str; 5] = ["trace", "debug", "info", "warn", "error"];

/// Arguments of other libraries' attributes, and what to do instead.
const FOREIGN: [(&str, &str); 7] = [
    ("fields", "write `attrs(key = value)`"),
    ("skip_all", "leave it out: nothing is recorded that `attrs(..)` does not list"),
    ("follows_from", "write `links(span_context)`"),
    (
        "target",
        "leave it out: the filter goes by the function's path, and `scope = \"...\"` names the scope",
    ),
    ("short_name", "leave it out: the name is `function` or `Type::method`"),
    ("properties", "write `attrs(key = value)`"),
    ("enter_on_poll", "leave it out: the span is current in every poll"),
];

const CARRY: &str = "spawn calls in the body take the context along by default: to leave them alone, \
                     write `carry = false`";

/// The arguments, each as it was written.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) attrs: Attrs,
    pub(crate) carry: Option<bool>,
    pub(crate) krate: Option<Path>,
    pub(crate) err: Option<Err>,
    pub(crate) judge: Option<Judge>,
    pub(crate) kind: Option<Kind>,
    pub(crate) level: Option<Level>,
    pub(crate) links: Vec<Expr>,
    pub(crate) name: Option<Name>,
    pub(crate) parent: Option<Parent>,
    pub(crate) ret: Option<Ret>,
    pub(crate) scope: Option<LitStr>,
    pub(crate) skip: Option<Skip>,
    pub(crate) skip_pii: Option<bool>,
    pub(crate) timings: Option<Flag>,
}

/// `ok_if = ...` or `error_if = ...`
#[derive(Clone)]
pub(crate) struct Judge {
    /// Whether the closure says what is an error, and not what is none.
    pub(crate) says_error: bool,
    /// A closure, or the path of a function.
    pub(crate) closure: Expr,
}

/// `ret`, `ret = ...` or `ret(...)`
#[derive(Clone)]
pub(crate) struct Ret {
    pub(crate) span: Span,
    pub(crate) values: Returned,
}

#[derive(Clone)]
pub(crate) enum Returned {
    Whole(Form),
    Parts(Vec<Part>),
}

/// `key = |ret| ...`
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) key: LitStr,
    pub(crate) form: Form,
    pub(crate) closure: Expr,
}

/// `timings` or `timings = false`
#[derive(Clone, Copy)]
pub(crate) struct Flag {
    pub(crate) span: Span,
    pub(crate) on: bool,
}

/// `skip(...)`
#[derive(Clone)]
pub(crate) struct Skip {
    pub(crate) span: Span,
    pub(crate) names: Vec<Ident>,
}

/// `err = ...`
#[derive(Clone)]
pub(crate) struct Err {
    pub(crate) span: Span,
    pub(crate) text: ErrText,
}

#[derive(Clone)]
pub(crate) enum ErrText {
    Off,
    Display(Token![%]),
    Debug(Token![?]),
    With(Box<Expr>),
}

/// `kind = ...`, as a variant of OpenTelemetry's `SpanKind`.
#[derive(Clone)]
pub(crate) struct Kind(pub(crate) Ident);

/// `level = ...`, as a variant of the runtime's `Level`.
#[derive(Clone)]
pub(crate) struct Level(pub(crate) Ident);

/// `name = ...`
#[derive(Clone)]
pub(crate) enum Name {
    Literal(LitStr),
    Computed(Expr),
}

/// `parent = ...`, `parent(extract = ...)` or `root`
#[derive(Clone)]
pub(crate) enum Parent {
    /// `root = false`
    Current,
    Given(Expr),
    Extracted(Expr),
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
            "attrs" => self.attrs = Attrs::parse(input, span, errors)?,
            "links" => self.links = links(input, span)?,
            "parent" if input.peek(token::Paren) => {
                self.parent = Some(Parent::Extracted(extracted(input)?));
            }
            "ret" => self.ret = Some(Ret { span, values: Returned::parse(input)? }),
            "root" => {
                let root = flag(input, argument)?;
                self.parent = Some(if root { Parent::Root } else { Parent::Current });
            }
            "skip" => self.skip = Some(Skip { span, names: skipped(input, span)? }),
            "skip_pii" => self.skip_pii = Some(flag(input, argument)?),
            "timings" => self.timings = Some(Flag { span, on: flag(input, argument)? }),
            name => {
                equals(input, argument)?;
                match name {
                    "carry" => self.carry = Some(carry(input)?),
                    "crate" => self.krate = Some(input.call(Path::parse_mod_style)?),
                    "err" => self.err = Some(Err { span, text: ErrText::parse(input)? }),
                    "error_if" | "ok_if" => {
                        let closure = closure(input, name)?;
                        self.judge = Some(Judge { says_error: name == "error_if", closure });
                    }
                    "kind" => self.kind = Some(Kind::parse(input)?),
                    "level" => self.level = Some(Level::parse(input)?),
                    "scope" => self.scope = Some(scope(input)?),
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
        } else if let Ok(closure) = input.fork().parse::<Expr>()
            && is_closure(&closure)
        {
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

/// A closure, or a function by its path; a single word is rather somebody's `Debug`.
fn is_closure(expr: &Expr) -> bool {
    match expr {
        Expr::Closure(_) => true,
        Expr::Path(path) => path.path.segments.len() > 1,
        _ => false,
    }
}

impl Returned {
    fn parse(input: ParseStream<'_>) -> syn::Result<Returned> {
        if input.peek(token::Paren) {
            let list;
            parenthesized!(list in input);
            return terminated(&list, Part::parse).map(Returned::Parts);
        }
        if !input.peek(Token![=]) {
            return Ok(Returned::Whole(Form::Typed));
        }
        input.parse::<Token![=]>()?;
        let span = input.span();
        match Form::parse(input)? {
            Form::Typed => Err(syn::Error::new(
                span,
                "a returned value is recorded by `ret` as it is, by `ret = %` as its `Display`, by \
                 `ret = ?` as its `Debug`, or in parts: `ret(total = |ret| ret.total())`",
            )),
            form => Ok(Returned::Whole(form)),
        }
    }
}

impl Part {
    fn parse(input: ParseStream<'_>) -> syn::Result<Part> {
        let span = input.span();
        let Some(key) = attrs::key(input)? else {
            return Err(syn::Error::new(
                span,
                "a part of the returned value needs a key and a closure: `ret(total = |ret| ret.total())`",
            ));
        };
        Ok(Part { form: Form::parse(input)?, closure: closure(input, &key.value())?, key })
    }
}

/// The carrier in `(extract = carrier)`.
fn extracted(input: ParseStream<'_>) -> syn::Result<Expr> {
    let list;
    parenthesized!(list in input);
    let span = list.span();
    if list.call(Ident::parse_any).is_ok_and(|word| word == "extract") && list.peek(Token![=]) {
        list.parse::<Token![=]>()?;
        return expression(&list);
    }
    list.parse::<TokenStream>()?;
    Err(syn::Error::new(
        span,
        "the caller's span is taken out of headers, a request or a map by `parent(extract = headers)`",
    ))
}

/// The names in `(a, b)`.
fn skipped(input: ParseStream<'_>, argument: Span) -> syn::Result<Vec<Ident>> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(argument, "`skip` lists parameters: `skip(email, body)`"));
    }
    let list;
    parenthesized!(list in input);
    terminated(&list, |input| input.call(Ident::parse_any))
}

/// The name of an instrumentation scope.
fn scope(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let span = input.span();
    match input.parse::<LitStr>() {
        Ok(name) if !name.value().is_empty() => Ok(name),
        _ => Err(syn::Error::new(
            span,
            "an instrumentation scope is a string that is not empty: `scope = \"shop.http\"`; leave it out \
             for the crate's name and version",
        )),
    }
}

/// The spans in `(a, b)`.
fn links(input: ParseStream<'_>, argument: Span) -> syn::Result<Vec<Expr>> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(
            argument,
            "`links` lists spans in parentheses: `links(message.span_context())`",
        ));
    }
    let list;
    parenthesized!(list in input);
    terminated(&list, expression)
}

/// What stands between commas. A mistake is one mistake, whatever follows it.
fn terminated<T>(
    list: ParseStream<'_>,
    parse: fn(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Vec<T>> {
    let mut items = Vec::new();
    let mut parse_all = || {
        while !list.is_empty() {
            items.push(parse(list)?);
            if !list.is_empty() {
                list.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    let parsed = parse_all();
    if parsed.is_err() {
        list.parse::<TokenStream>()?;
    }
    parsed.map(|()| items)
}

fn closure(input: ParseStream<'_>, argument: &str) -> syn::Result<Expr> {
    let span = input.span();
    match expression(input)? {
        closure @ (Expr::Closure(_) | Expr::Path(_)) => Ok(closure),
        _ => Err(syn::Error::new(
            span,
            format!(
                "`{argument}` takes a closure over the returned value: `{argument} = |ret| ...`"
            ),
        )),
    }
}

impl Kind {
    fn parse(input: ParseStream<'_>) -> syn::Result<Kind> {
        variant(input, "span kind", &KINDS).map(Kind)
    }
}

impl Level {
    fn parse(input: ParseStream<'_>) -> syn::Result<Level> {
        variant(input, "level", &LEVELS).map(Level)
    }
}

/// One of the `known` words, as the variant of an enum.
fn variant(input: ParseStream<'_>, what: &str, known: &[&str]) -> syn::Result<Ident> {
    let span = input.span();
    let word = input.call(Ident::parse_any).map_err(|_| {
        syn::Error::new(span, format!("a {what} is a word: {}", suggestion("", known)))
    })?;
    let word = word.to_string();
    if !known.contains(&word.as_str()) {
        let suggestion = suggestion(&word.to_lowercase(), known);
        return Err(syn::Error::new(span, format!("unknown {what} `{word}`: {suggestion}")));
    }
    let variant = word[..1].to_uppercase() + &word[1..];
    Ok(Ident::new(&variant, Span::mixed_site()))
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
        "ok_if" => "error_if",
        "error_if" => "ok_if",
        _ => return None,
    };
    let why = if name.ends_with("_if") {
        "one says the opposite of the other"
    } else {
        "a root has no parent"
    };
    given
        .iter()
        .any(|given| given == rival)
        .then(|| format!("`{name}` contradicts `{rival}`: {why}, so keep one of them"))
}

fn carry(input: ParseStream<'_>) -> syn::Result<bool> {
    let span = input.span();
    let literal = input.parse::<LitBool>().map_err(|_| syn::Error::new(span, CARRY))?;
    Ok(literal.value)
}

fn equals(input: ParseStream<'_>, argument: &Ident) -> syn::Result<()> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        // At the end of all arguments there is no token to point at.
        if !input.is_empty() {
            return Ok(());
        }
    }
    let form = match argument.to_string().as_str() {
        "err" => {
            "errors of a `Result` are recorded by default; how is said by `err = %`, `err = ?`, \
                  `err = false` or `err = |error| ...`"
                .to_owned()
        }
        "carry" => CARRY.to_owned(),
        argument => format!("`{argument}` needs a value: `{argument} = ...`"),
    };
    Err(syn::Error::new(argument.span(), form))
}

/// Nothing, or `= false` against what a block says of its functions.
fn flag(input: ParseStream<'_>, argument: &Ident) -> syn::Result<bool> {
    if !input.peek(Token![=]) {
        return Ok(true);
    }
    input.parse::<Token![=]>()?;
    let span = input.span();
    let literal = input.parse::<LitBool>().map_err(|_| {
        syn::Error::new(
            span,
            format!("`{argument}` is on as it stands, or off: `{argument} = false`"),
        )
    })?;
    Ok(literal.value)
}

/// Skips to the comma that ends an argument, and says whether there was anything to skip.
pub(crate) fn skip_argument(input: ParseStream<'_>) -> bool {
    let mut skipped = false;
    while !input.is_empty() && !input.peek(Token![,]) {
        skipped = input.parse::<TokenTree>().is_ok();
    }
    skipped
}
