//! Which attributes could be personal data, by their names and by what was said of them?

use crate::args::{Attr, Flag, Pii, Said};
use crate::errors::Errors;

/// What is asked about attributes.
pub(crate) struct Personal {
    pub(crate) skip_pii: bool,
    /// `pii(..)`
    pub(crate) said: Vec<Said>,
}

impl Personal {
    /// The names under which an attribute could be personal data; none if it is not, or in a form that tells less.
    pub(crate) fn names(&self, attr: &Attr) -> Vec<String> {
        if !self.skip_pii || attr.safe.is_some() {
            return Vec::new();
        }
        let mut names = attr.names();
        match self.said.iter().find(|said| said.is_about(attr)) {
            Some(Said { like: None, .. }) => Vec::new(),
            Some(Said { like: Some(like), .. }) => {
                names.push((*like).to_owned());
                names
            }
            None => names,
        }
    }
}

impl Said {
    fn is_about(&self, attr: &Attr) -> bool {
        attr.key.value() == self.of || attr.names().get(1) == Some(&self.of)
    }
}

/// What is said of something that is not recorded is misspelt, and what is meant then would leave.
pub(crate) fn reject_pii<'a>(
    pii: Option<&Pii>,
    skip_pii: Option<Flag>,
    attrs: impl Iterator<Item = &'a Attr>,
    errors: &mut Errors,
) {
    let Some(pii) = pii else { return };
    if !skip_pii.is_some_and(|flag| flag.on) {
        errors.at(
            pii.word.span(),
            "`pii` says what `skip_pii` leaves out: write `skip_pii`, too, or take `pii` away",
        );
    }
    if errors.has_failed("attrs") || errors.has_failed("scoped") {
        return;
    }
    let attrs: Vec<&Attr> = attrs.collect();
    for said in &pii.said {
        if !attrs.iter().any(|attr| said.is_about(attr)) {
            let known: Vec<String> = attrs.iter().map(|attr| attr.key.value()).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let suggestion = crate::suggest::suggestion(&said.of, &known);
            errors.at(
                said.name.span(),
                format!("no attribute is called `{}`: {suggestion}", said.of),
            );
        }
    }
}
