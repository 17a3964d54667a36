//! What did the user write between the parentheses of `#[traced(...)]`?

mod duration;
mod lists;
mod results;
mod words;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, LitBool, LitStr, Path, Token, token};

pub(crate) use lists::{expression, skip_argument};
pub(crate) use results::{Err, ErrText, ErrorType, Judge, Part, Ret, Returned};
pub(crate) use words::{Kind, Level, Name};

use crate::attrs::Attrs;
use crate::errors::Errors;
use crate::suggest::suggestion;
use lists::{extracted, links, skipped};
use words::scope;

/// Declares the arguments: one line for each says by which words it is known and what it is. What that
/// does is said where [`Plan`](crate::plan::Plan) is made.
macro_rules! arguments {
    ($($(#[$doc:meta])* $field:ident: $ty:ty = $($word:literal)|+,)*) => {
        /// The arguments, each as it was written.
        #[derive(Clone, Default)]
        pub(crate) struct Args {
            $($(#[$doc])* pub(crate) $field: Option<$ty>,)*
        }

        const KNOWN: &[&str] = &[$($($word,)+)*];

        impl Args {
            /// These arguments, and those of `outer` about which they say nothing.
            pub(crate) fn over(self, outer: Args) -> Args {
                Args { $($field: over(self.$field, outer.$field),)* }
            }

            fn parse_value(
                &mut self,
                argument: &Ident,
                input: ParseStream<'_>,
                errors: &mut Errors,
            ) -> syn::Result<()> {
                match argument.to_string().as_str() {
                    $($($word)|+ => self.$field = Some(Argument::parse(argument, input, errors)?),)*
                    _ => return Err(unknown(argument)),
                }
                Ok(())
            }
        }
    };
}

arguments! {
    attrs: Attrs = "attrs",
    carry: Carry = "carry",
    krate: Crate = "crate",
    err: Err = "err",
    error_type: ErrorType = "error_type",
    judge: Judge = "error_if" | "ok_if",
    kind: Kind = "kind",
    level: Level = "level",
    links: Links = "links",
    min_duration: MinDuration = "min_duration",
    name: Name = "name",
    parent: Parent = "parent" | "root",
    ret: Ret = "ret",
    scope: Scope = "scope",
    skip: Skip = "skip",
    skip_pii: Flag = "skip_pii",
    timings: Flag = "timings",
}

/// What stands behind the word of an argument.
pub(crate) trait Argument: Sized {
    fn parse(word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self>;

    /// What holds where a block says `outer` and something inside of it says this.
    fn over(self, _outer: Self) -> Self {
        self
    }
}

fn over<T: Argument>(inner: Option<T>, outer: Option<T>) -> Option<T> {
    match (inner, outer) {
        (Some(inner), Some(outer)) => Some(inner.over(outer)),
        (inner, outer) => inner.or(outer),
    }
}

/// Arguments of other libraries' attributes, and what to do instead.
const FOREIGN: [(&str, &str); 10] = [
    ("fields", "write `attrs(key = value)`"),
    ("skip_all", "leave it out: nothing is recorded that `attrs(..)` does not list"),
    ("follows_from", "write `links(span_context)`"),
    (
        "target",
        "leave it out: the filter goes by the function's path, and `scope = \"...\"` names the scope",
    ),
    ("short_name", "leave it out: the name is `function` or `Type::method`"),
    ("properties", "write `attrs(key = value)`"),
    ("sample", SAMPLING),
    ("sampled", SAMPLING),
    ("sampler", SAMPLING),
    ("enter_on_poll", "leave it out: the span is current in every poll"),
];

const SAMPLING: &str = "what is sampled is decided for the whole program: `OTEL_TRACES_SAMPLER`, or the \
                        builder's `sampler`";

const CARRY: &str = "spawn calls in the body take the context along by default: to leave them alone, \
                     write `carry = false`";

/// `carry = false`
#[derive(Clone)]
pub(crate) struct Carry(pub(crate) bool);

/// `crate = path`
#[derive(Clone)]
pub(crate) struct Crate(pub(crate) Path);

/// `links(...)`
#[derive(Clone)]
pub(crate) struct Links(pub(crate) Vec<Expr>);

/// `min_duration = "5ms"`, in nanoseconds
#[derive(Clone)]
pub(crate) struct MinDuration(pub(crate) u64);

/// `scope = "shop.http"`
#[derive(Clone)]
pub(crate) struct Scope(pub(crate) LitStr);

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
                let word = input.fork().call(Ident::parse_any).ok();
                let parsed = args.parse_one(input, &mut given, errors);
                let span = input.span();
                let left = skip_argument(input);
                match parsed {
                    Err(error) => errors.push_of(word.as_ref(), error),
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
        if let Some(clash) = clash(&argument.to_string(), given) {
            Args::default().parse_value(&argument, input, &mut Errors::default())?;
            return Err(syn::Error::new(argument.span(), clash));
        }
        given.push(argument.clone());
        self.parse_value(&argument, input, errors)
    }
}

impl Argument for Carry {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        let span = input.span();
        let literal = input.parse::<LitBool>().map_err(|_| syn::Error::new(span, CARRY))?;
        Ok(Carry(literal.value))
    }
}

impl Argument for Crate {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        input.call(Path::parse_mod_style).map(Crate)
    }
}

impl Argument for Links {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        links(input, word.span()).map(Links)
    }
}

impl Argument for MinDuration {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        duration::nanoseconds(input).map(MinDuration)
    }
}

impl Argument for Parent {
    fn parse(word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        if word == "root" {
            let root = Flag::parse(word, input, errors)?;
            return Ok(if root.on { Parent::Root } else { Parent::Current });
        }
        if input.peek(token::Paren) {
            return extracted(input).map(Parent::Extracted);
        }
        equals(word, input)?;
        expression(input).map(Parent::Given)
    }
}

impl Argument for Scope {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        scope(input).map(Scope)
    }
}

impl Argument for Skip {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        let span = word.span();
        Ok(Skip { span, names: skipped(input, span)? })
    }
}

impl Argument for Flag {
    /// Nothing, or `= false` against what a block says of its functions.
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        let span = word.span();
        let how = || format!("`{word}` is on as it stands, or off: `{word} = false`");
        if input.peek(token::Paren) {
            let error = syn::Error::new(input.span(), how());
            input.parse::<TokenTree>()?;
            return Err(error);
        }
        if !input.peek(Token![=]) {
            return Ok(Flag { span, on: true });
        }
        input.parse::<Token![=]>()?;
        let value = input.span();
        let literal = input.parse::<LitBool>().map_err(|_| syn::Error::new(value, how()))?;
        Ok(Flag { span, on: literal.value })
    }
}

/// The words that arguments begin with, as a reader looks for them.
fn known() -> Vec<&'static str> {
    let mut known = KNOWN.to_vec();
    known.sort_unstable();
    known
}

fn argument_name(input: ParseStream<'_>) -> syn::Result<Ident> {
    let span = input.span();
    if input.peek(LitStr) {
        return Err(syn::Error::new(span, "for the span's name write `name = \"...\"`"));
    }
    input.call(Ident::parse_any).map_err(|_| {
        syn::Error::new(span, format!("expected an argument: {}", suggestion("", &known())))
    })
}

fn unknown(argument: &Ident) -> syn::Error {
    let word = argument.to_string();
    let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == word);
    let remedy =
        foreign.map_or_else(|| suggestion(&word, &known()), |(_, remedy)| (*remedy).to_owned());
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

/// The `=` behind the word of an argument, and that something follows.
fn equals(argument: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
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
        "min_duration" => "`min_duration` needs a value: `min_duration = \"5ms\"`".to_owned(),
        argument => format!("`{argument}` needs a value: `{argument} = ...`"),
    };
    Err(syn::Error::new(argument.span(), form))
}
