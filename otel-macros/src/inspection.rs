//! What is looked at in a result?

use proc_macro2::Span;
use syn::{Expr, ReturnType, Token, Type};

use crate::args::{Err, ErrText, Judge, Part, Ret, Returned};
use crate::attrs::Form;
use crate::errors::Errors;
use crate::returns::peeled;

/// What the user said of the result.
pub(crate) struct Outcome {
    pub(crate) err: Option<Err>,
    pub(crate) judge: Option<Judge>,
    pub(crate) ret: Option<Ret>,
    pub(crate) skip_pii: bool,
}

/// What is looked at; never nothing.
pub(crate) struct Inspection {
    pub(crate) failure: Failure,
    pub(crate) judge: Option<Judge>,
    pub(crate) ret: Option<Recorded>,
    /// Whether the type is called `Result`, and perhaps is one.
    pub(crate) by_name: bool,
}

/// What is recorded of an error.
pub(crate) enum Failure {
    Nothing,
    /// Whatever it can say, if the type is a `core::result::Result` after all.
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
        output: &ReturnType,
        errors: &mut Errors,
    ) -> Option<Inspection> {
        reject_error_of_nothing(outcome.err.as_ref(), output, errors);
        reject_nothing_returned(outcome.ret.as_ref(), output, errors);
        reject_personal_value(outcome.ret.as_ref(), outcome.skip_pii, errors);
        let Outcome { err, judge, ret, skip_pii: _ } = outcome;
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
        if matches!(failure, Failure::Nothing) && judge.is_none() && ret.is_none() {
            return None;
        }
        Some(Inspection { failure, judge, ret, by_name })
    }
}

fn reject_error_of_nothing(err: Option<&Err>, output: &ReturnType, errors: &mut Errors) {
    let Some(err) = err else { return };
    let no_result = match output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => !matches!(peeled(ty), Type::Path(_) | Type::Macro(_)),
    };
    if no_result && !matches!(err.text, ErrText::Off) {
        errors
            .at(err.span, "`err` is about the error of a `Result`, and this function returns none");
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
