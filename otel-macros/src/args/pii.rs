//! What did the user say by hand of what a value is, in `pii(..)`?

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Token, parenthesized, token};

use super::argument::Argument;
use super::lists::terminated;
use crate::errors::Errors;
use crate::suggest::suggestion;
use crate::tokens::unraw;

/// `pii(x = email, shipping.note = public)`
#[derive(Clone)]
pub(crate) struct Pii {
    pub(crate) word: Ident,
    pub(crate) said: Vec<Said>,
}

/// One of these.
#[derive(Clone)]
pub(crate) struct Said {
    pub(crate) name: Ident,
    /// The key, or the name of the value.
    pub(crate) of: String,
    /// A name that is known to be personal; `None` if the value is not.
    pub(crate) like: Option<&'static str>,
}

/// What may be said, each with a name on the lists of the runtime.
const KINDS: [(&str, Option<&str>); 22] = [
    ("address", Some("address")),
    ("card", Some("card_number")),
    ("contact", Some("email")),
    ("credential", Some("password")),
    ("email", Some("email")),
    ("financial", Some("iban")),
    ("government", Some("ssn")),
    ("health", Some("diagnosis")),
    ("iban", Some("iban")),
    ("identifier", None),
    ("ip", Some("ip_address")),
    ("key", Some("api_key")),
    ("name", Some("full_name")),
    ("network", Some("ip_address")),
    ("password", Some("password")),
    ("phone", Some("phone")),
    ("public", None),
    ("secret", Some("secret")),
    ("special", Some("diagnosis")),
    ("ssn", Some("ssn")),
    ("token", Some("token")),
    ("unknown", Some("email")),
];

impl Argument for Pii {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        if !input.peek(token::Paren) {
            return Err(syn::Error::new(
                word.span(),
                "`pii` says in parentheses what a value is: `pii(note = email, login = public)`",
            ));
        }
        let list;
        parenthesized!(list in input);
        Ok(Pii { word: word.clone(), said: terminated(&list, Said::parse)? })
    }
}

impl Said {
    fn parse(input: ParseStream<'_>) -> syn::Result<Said> {
        let name = input.call(Ident::parse_any)?;
        let mut of = unraw(&name);
        while input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            of = format!("{of}.{}", unraw(&input.call(Ident::parse_any)?));
        }
        input.parse::<Token![=]>()?;
        let kind = input.call(Ident::parse_any)?;
        let word = unraw(&kind);
        if let Some((_, like)) = KINDS.iter().find(|(known, _)| *known == word) {
            return Ok(Said { name, of, like: *like });
        }
        let known: Vec<&str> = KINDS.iter().map(|(known, _)| *known).collect();
        let suggestion = suggestion(&word, &known);
        Err(syn::Error::new(kind.span(), format!("`{word}` is no kind of data: {suggestion}")))
    }
}
