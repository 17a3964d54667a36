//! What did the user write between the parentheses of `#[traced(...)]`?

mod duration;
mod lists;
mod results;
mod words;

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, LitBool, LitStr, Path, Token, token};

pub(crate) use lists::{expression, skip_argument};
pub(crate) use results::{Err, ErrText, Judge, Part, Ret, Returned};
pub(crate) use words::{Kind, Level, Name};

use crate::attrs::Attrs;
use crate::errors::Errors;
use crate::suggest::suggestion;
use lists::{extracted, links, skipped};
use results::closure;
use words::scope;

const KNOWN: [&str; 18] = [
    "attrs",
    "carry",
    "crate",
    "err",
    "error_if",
    "kind",
    "level",
    "links",
    "min_duration",
    "name",
    "ok_if",
    "parent",
    "ret",
    "root",
    "scope",
    "skip",
    "skip_pii",
    "timings",
];

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
    /// In nanoseconds.
    pub(crate) min_duration: Option<u64>,
    pub(crate) name: Option<Name>,
    pub(crate) parent: Option<Parent>,
    pub(crate) ret: Option<Ret>,
    pub(crate) scope: Option<LitStr>,
    pub(crate) skip: Option<Skip>,
    pub(crate) skip_pii: Option<bool>,
    pub(crate) timings: Option<Flag>,
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
                    "min_duration" => self.min_duration = Some(duration::nanoseconds(input)?),
                    "scope" => self.scope = Some(scope(input)?),
                    "name" => self.name = Some(Name::parse(input)?),
                    _ => self.parent = Some(Parent::Given(expression(input)?)),
                }
            }
        }
        Ok(())
    }
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
        "min_duration" => "`min_duration` needs a value: `min_duration = \"5ms\"`".to_owned(),
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
