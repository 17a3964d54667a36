//! What is looked at in a result?

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, ReturnType, Signature, Token, Type};

use crate::args::{Args, Err, ErrText, ErrorType, Form, Judge, Part, Ret, Returned};
use crate::errors::Errors;
use crate::mentions::Mentions;
use crate::parameters;
use crate::returns::peeled;
use crate::tokens::unraw;

/// What the user said of the result.
pub(crate) struct Outcome {
    pub(crate) err: Option<Err>,
    pub(crate) judge: Option<Judge>,
    pub(crate) ret: Option<Ret>,
    pub(crate) error_type: Option<ErrorType>,
    pub(crate) skip_pii: bool,
}

impl Outcome {
    pub(crate) fn taken(args: &mut Args) -> Outcome {
        Outcome {
            err: args.err.take(),
            judge: args.judge.take(),
            ret: args.ret.take(),
            error_type: args.error_type.take(),
            skip_pii: args.skip_pii.is_some_and(|flag| flag.on),
        }
    }

    /// The user's closures that get the result.
    fn closures(&self) -> impl Iterator<Item = &Expr> {
        let err = self.err.iter().filter_map(|err| match &err.text {
            ErrText::With(closure) => Some(&**closure),
            ErrText::Off | ErrText::Display(_) | ErrText::Debug(_) => None,
        });
        let parts = self.ret.iter().flat_map(|ret| match &ret.values {
            Returned::Parts(parts) => &parts[..],
            Returned::Whole(_) => &[],
        });
        err.chain(self.judge.iter().map(|judge| &judge.closure))
            .chain(self.error_type.iter().map(|error_type| &error_type.closure))
            .chain(parts.map(|part| &part.closure))
    }
}

/// What of a result is looked at. At least one thing is.
pub(crate) struct Inspection {
    pub(crate) failure: Failure,
    pub(crate) judge: Option<Judge>,
    /// The user's closure or function that returns `error.type`.
    pub(crate) error_type: Option<Expr>,
    pub(crate) ret: Option<Recorded>,
    /// Whether the type is called `Result`, and perhaps is one.
    pub(crate) by_name: bool,
    /// Whether the type says that an error in it may borrow.
    pub(crate) borrows: bool,
}

/// What is recorded of an error.
pub(crate) enum Failure {
    Nothing,
    /// As much as the error's type allows, if the result's type turns out to be `core::result::Result`.
    ByName,
    Display(Token![%]),
    Debug(Token![?]),
    With(Box<Expr>),
}

/// What is recorded of the returned value.
pub(crate) enum Recorded {
    Whole(Span, Form),
    Parts(Vec<Part>),
}

impl Inspection {
    pub(crate) fn new(
        outcome: Outcome,
        sig: &Signature,
        output: &ReturnType,
        errors: &mut Errors,
    ) -> Option<Inspection> {
        for closure in outcome.closures() {
            reject_captures(closure, sig, errors);
        }
        reject_error_of_nothing(outcome.err.as_ref(), output, errors);
        reject_nothing_returned(outcome.ret.as_ref(), output, errors);
        reject_personal_value(outcome.ret.as_ref(), outcome.skip_pii, errors);
        let Outcome { err, judge, ret, error_type, skip_pii: _ } = outcome;
        let by_name = is_called_result(output);
        let failure = match err.map(|err| err.text) {
            Some(ErrText::Display(sigil)) => Failure::Display(sigil),
            Some(ErrText::Debug(sigil)) => Failure::Debug(sigil),
            Some(ErrText::With(closure)) => Failure::With(closure),
            None if by_name => Failure::ByName,
            Some(ErrText::Off) | None => Failure::Nothing,
        };
        let ret = ret.map(|ret| match ret.values {
            Returned::Whole(form) => Recorded::Whole(ret.span, form),
            Returned::Parts(parts) => Recorded::Parts(parts),
        });
        if matches!(failure, Failure::Nothing) && judge.is_none() {
            reject_type_of_no_error(error_type.as_ref(), errors);
            ret.as_ref()?;
        }
        let error_type = error_type.map(|error_type| error_type.closure);
        let borrows = has_borrowed_dyn(output.to_token_stream(), false);
        Some(Inspection { failure, judge, error_type, ret, by_name, borrows })
    }
}

fn reject_error_of_nothing(err: Option<&Err>, output: &ReturnType, errors: &mut Errors) {
    let Some(err) = err else { return };
    let no_result = match output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => match peeled(ty) {
            Type::Path(path) => path
                .path
                .segments
                .last()
                .is_some_and(|last| NO_RESULTS.iter().any(|known| last.ident == known)),
            Type::Macro(_) => false,
            _ => true,
        },
    };
    if no_result && !matches!(err.text, ErrText::Off) {
        errors.at(
            err.span,
            "`err` is about the error of a `Result`, and this function returns none: take it away, or say \
             by `error_if = |ret| ..` what counts as an error",
        );
    }
}

/// Well-known types that are not `Result`.
const NO_RESULTS: [&str; 22] = [
    "Arc", "Box", "HashMap", "HashSet", "Option", "Rc", "String", "Vec", "bool", "char", "f32",
    "f64", "i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize",
];

fn reject_type_of_no_error(error_type: Option<&ErrorType>, errors: &mut Errors) {
    if let Some(error_type) = error_type {
        errors.at(
            error_type.span,
            "`error_type` names what counts as an error, and nothing does here: say by `error_if = |ret| ..` \
             what does, or take it away",
        );
    }
}

/// Rejects a closure that names an argument: it runs after the body, which may have moved the argument.
fn reject_captures(closure: &Expr, sig: &Signature, errors: &mut Errors) {
    let Expr::Closure(closure) = closure else { return };
    let inside = Mentions::of(closure.body.to_token_stream());
    let bound = Mentions::bound_in(closure.to_token_stream());
    let own = sig.receiver().map(|receiver| Ident::new("self", receiver.self_token.span));
    let mut names = own.into_iter().chain(parameters::names(sig).map(|(name, _)| name));
    // One argument is enough for the message.
    if let Some(name) = names.find(|name| inside.reads(name) && !bound.contains(&unraw(name))) {
        errors.at(
            closure.body.span(),
            format!(
                "this is asked about the result, which is all it sees, when the body has had `{name}`: record \
                 that by `attrs({name})`"
            ),
        );
    }
}

fn reject_nothing_returned(ret: Option<&Ret>, output: &ReturnType, errors: &mut Errors) {
    if let (Some(ret), ReturnType::Default) = (ret, output) {
        errors.at(ret.span, "`ret` is about the returned value, and this function returns none");
    }
}

pub(crate) fn reject_personal_value(ret: Option<&Ret>, skip_pii: bool, errors: &mut Errors) {
    if let (Some(ret), true) = (ret, skip_pii) {
        errors.at(
            ret.span,
            "`ret` records a value that nobody has classified, which `skip_pii` does not allow: take one \
             of them away",
        );
    }
}

pub(crate) fn is_called_result(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else { return false };
    let Type::Path(path) = peeled(ty) else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Result")
}
/// Whether a type has a `dyn` in it that may live for less than the program: `dyn Error + 'a`, `&dyn Error`.
fn has_borrowed_dyn(tokens: TokenStream, behind_reference: bool) -> bool {
    let (mut behind_reference, mut in_dyn, mut is_lifetime) = (behind_reference, false, false);
    for token in tokens {
        match token {
            TokenTree::Punct(punct) => match punct.as_char() {
                '\'' => is_lifetime = true,
                '&' => behind_reference = true,
                ',' | '>' => (behind_reference, in_dyn) = (false, false),
                _ => {}
            },
            TokenTree::Ident(name) if std::mem::take(&mut is_lifetime) => {
                if in_dyn && name != "static" {
                    return true;
                }
            }
            TokenTree::Ident(word) if word == "mut" => {}
            TokenTree::Ident(word) if word == "dyn" => {
                if behind_reference {
                    return true;
                }
                in_dyn = true;
            }
            TokenTree::Group(group) => {
                if has_borrowed_dyn(group.stream(), behind_reference) {
                    return true;
                }
                behind_reference = false;
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => behind_reference = false,
        }
    }
    false
}
