//! What did the user write between the parentheses of `#[traced(...)]`?

mod argument;
mod attrs;
mod duration;
mod lists;
mod pii;
mod place;
mod results;
mod settings;
mod share;
mod value;
mod words;

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{LitStr, Token};

pub(crate) use attrs::{Attr, Attrs, Scoped, Skip};
pub(crate) use pii::{Pii, Said};
pub(crate) use place::{Extracted, Links, Parent};
pub(crate) use results::{Err, ErrText, ErrorType, Judge, Part, Ret, Returned};
pub(crate) use settings::{Carry, Crate, Flag, Fold, MinDuration};
pub(crate) use share::Sample;
pub(crate) use value::{Form, Safe};
pub(crate) use words::{Kind, Level, Name, Scope};

use crate::errors::Errors;
use crate::suggest::suggestion;
use argument::Argument;
use lists::skip_argument;

/// Declares the arguments: one line for each says by which words it is known and what it is. What that
/// does is said where [`Plan`](crate::plan::Plan) is made.
macro_rules! arguments {
    ($($(#[$doc:meta])* $field:ident: $ty:ty = $($word:literal)|+,)*) => {
        /// The arguments as they were written.
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
    annotate: Flag = "annotate",
    attrs: Attrs = "attrs",
    carry: Carry = "carry",
    krate: Crate = "crate",
    err: Err = "err",
    error_type: ErrorType = "error_type",
    fold: Fold = "fold",
    judge: Judge = "error_if" | "ok_if",
    kind: Kind = "kind",
    level: Level = "level",
    links: Links = "links",
    min_duration: MinDuration = "min_duration",
    name: Name = "name",
    parent: Parent = "parent" | "root",
    pii: Pii = "pii",
    ret: Ret = "ret",
    sample: Sample = "sample",
    scope: Scope = "scope",
    scoped: Scoped = "scoped",
    skip: Skip = "skip",
    skip_pii: Flag = "skip_pii",
    timings: Flag = "timings",
}

/// The arguments that mean something where a function has no span of its own.
const WITHOUT_A_SPAN: [&str; 8] =
    ["annotate", "attrs", "carry", "crate", "level", "pii", "skip", "skip_pii"];

/// Rejects, beside `annotate`, what only a span of its own could have.
fn reject_what_a_span_has(given: &[Ident], errors: &mut Errors) {
    let annotate = given.iter().position(|word| word == "annotate").unwrap_or_default();
    for (at, word) in given.iter().enumerate() {
        if WITHOUT_A_SPAN.iter().any(|known| word == known) {
            continue;
        }
        // The second is marked, and the first is named.
        let (second, first) =
            if at < annotate { (&given[annotate], word) } else { (word, &given[annotate]) };
        errors.at(
            second.span(),
            format!(
                "`{second}` contradicts `{first}`: with `annotate` the attributes go onto the span that is \
                 current, and there is none of its own to say `{word}` of, so keep one of them",
            ),
        );
    }
}

fn over<T: Argument>(inner: Option<T>, outer: Option<T>) -> Option<T> {
    match (inner, outer) {
        (Some(inner), Some(outer)) => Some(inner.over(outer)),
        (inner, outer) => inner.or(outer),
    }
}

/// Arguments of other libraries' attributes, and internal words of ours, each with what to write instead.
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
    ("sampled", SAMPLING),
    ("sampler", SAMPLING),
    ("trust", "write `parent(extract = headers, trust = Trust::Link)`"),
    ("enter_on_poll", "leave it out: the span is current in every poll"),
];

const SAMPLING: &str = "for a share of the traces that begin here write `sample = 0.01`; for those of the whole \
                        program, `OTEL_TRACES_SAMPLER` or the builder's `sampler`";

impl Args {
    /// Whether it says anything that only a span of the function's own could have.
    pub(crate) fn is_about_a_span(&self) -> bool {
        let Args {
            annotate: _,
            attrs: _,
            carry: _,
            krate: _,
            err,
            error_type,
            fold,
            judge,
            kind,
            level: _,
            links,
            min_duration,
            name,
            parent,
            pii: _,
            ret,
            sample,
            scope,
            scoped,
            skip: _,
            skip_pii: _,
            timings,
        } = self;
        let of_the_result =
            err.is_some() || error_type.is_some() || judge.is_some() || ret.is_some();
        let of_its_place =
            links.is_some() || parent.is_some() || scope.is_some() || scoped.is_some();
        let of_itself = name.is_some() || kind.is_some() || timings.is_some();
        let of_sending = fold.is_some() || min_duration.is_some() || sample.is_some();
        of_the_result || of_its_place || of_itself || of_sending
    }

    /// Without what only a span of the function's own could have.
    pub(crate) fn without_a_span(self) -> Args {
        let Args { annotate, attrs, carry, krate, level, pii, skip, skip_pii, .. } = self;
        Args { annotate, attrs, carry, krate, level, pii, skip, skip_pii, ..Args::default() }
    }

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
            if args.annotate.is_some_and(|flag| flag.on) {
                reject_what_a_span_has(&given, errors);
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

/// The words that arguments begin with, in the order in which a reader looks for them.
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
        let lists = ["attrs", "scoped"].contains(&name);
        let remedy = if lists { "put all attributes into the first" } else { "keep one" };
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
