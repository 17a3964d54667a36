//! What did the user say of the result?

use proc_macro2::{Ident, Span};
use syn::parse::ParseStream;
use syn::{Expr, LitBool, LitStr, Token, parenthesized, token};

use super::argument::{Argument, equals};
use super::lists::{expression, terminated};
use super::value::{Form, key};
use crate::errors::Errors;

/// `ok_if = ...` or `error_if = ...`
#[derive(Clone)]
pub(crate) struct Judge {
    /// `true` for `error_if`, `false` for `ok_if`.
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

/// `error_type = |ret| ...`
#[derive(Clone)]
pub(crate) struct ErrorType {
    pub(crate) span: Span,
    /// A closure, or the path of a function.
    pub(crate) closure: Expr,
}

impl Argument for Err {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        Ok(Err { span: word.span(), text: ErrText::parse(input)? })
    }
}

impl Argument for ErrorType {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        Ok(ErrorType { span: word.span(), closure: closure(input, "error_type")? })
    }
}

impl Argument for Judge {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        let closure = closure(input, &word.to_string())?;
        Ok(Judge { says_error: word == "error_if", closure })
    }
}

impl Argument for Ret {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        Ok(Ret { span: word.span(), values: Returned::parse(input)? })
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
        } else if let Ok(closure) = input.fork().parse().map(peeled)
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

/// A closure, or the path of a function. A single word is not taken for one: it is rather meant as `Debug`.
fn is_closure(expr: &Expr) -> bool {
    match expr {
        Expr::Closure(_) => true,
        Expr::Path(path) => path.path.segments.len() > 1,
        _ => false,
    }
}

/// The expression without parentheses: a closure gets them when it goes through a macro by example.
fn peeled(expr: Expr) -> Expr {
    match expr {
        Expr::Paren(paren) => peeled(*paren.expr),
        expr => expr,
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
        let Some(key) = key(input)? else {
            return Err(syn::Error::new(
                span,
                "a part of the returned value needs a key and a closure: `ret(total = |ret| ret.total())`",
            ));
        };
        Ok(Part { form: Form::parse(input)?, closure: closure(input, &key.value())?, key })
    }
}

fn closure(input: ParseStream<'_>, argument: &str) -> syn::Result<Expr> {
    let span = input.span();
    match peeled(expression(input)?) {
        closure @ (Expr::Closure(_) | Expr::Path(_)) => Ok(closure),
        _ => Err(syn::Error::new(
            span,
            format!(
                "`{argument}` takes a closure over the returned value: `{argument} = |ret| ...`"
            ),
        )),
    }
}
