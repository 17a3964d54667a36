//! Which parameters are there, and how are they taken apart?

use super::choices::Choices;
use super::variables::{Type, Variable, Variables};

/// A parameter, and what a call gives for it.
pub(super) struct Parameter {
    pub(super) pattern: String,
    pub(super) of: String,
    pub(super) value: String,
}

impl Parameter {
    pub(super) fn new(choices: &mut Choices, variables: &mut Variables, depth: usize) -> Parameter {
        let kinds = if depth < 2 { 13 } else { 10 };
        match choices.below(kinds) {
            10 => {
                let (left, right) = (
                    Self::new(choices, variables, depth + 1),
                    Self::new(choices, variables, depth + 1),
                );
                Parameter {
                    pattern: format!("({}, {})", left.pattern, right.pattern),
                    of: format!("({}, {})", left.of, right.of),
                    value: format!("({}, {})", left.value, right.value),
                }
            }
            11 => {
                let left = Self::name(choices, variables, Type::Loud);
                let right = Self::name(choices, variables, Type::Number);
                let pattern = choices.one_of(&[
                    format!("Pair {{ left: {left}, right: {right} }}"),
                    format!("Pair {{ left: {left}, right: _ }}"),
                    format!("Pair {{ left: {left}, .. }}"),
                ]);
                if !pattern.contains(&right)
                    || pattern.contains("right: _ ")
                    || pattern.contains("..")
                {
                    variables.forget_last();
                }
                let value =
                    format!("Pair {{ left: Loud(\"{}\"), right: 9 }}", variables.fresh("pair"));
                Parameter { pattern, of: "Pair".to_owned(), value }
            }
            12 => {
                let names = [(); 2].map(|()| Self::name(choices, variables, Type::Number));
                Parameter {
                    pattern: format!("[{}, {}]", names[0], names[1]),
                    of: "[u64; 2]".to_owned(),
                    value: "[7, 8]".to_owned(),
                }
            }
            kind => {
                let of = [
                    Type::Number,
                    Type::Text,
                    Type::Loud,
                    Type::Loud,
                    Type::Str,
                    Type::List,
                    Type::Maybe,
                    Type::Width,
                    Type::Debug,
                    Type::Function,
                ][kind];
                let value = of.value(choices, variables);
                let opaque = depth == 0;
                Parameter {
                    pattern: Self::name(choices, variables, of),
                    of: of.name(opaque).to_owned(),
                    value,
                }
            }
        }
    }

    /// A pattern for all of it.
    fn name(choices: &mut Choices, variables: &mut Variables, of: Type) -> String {
        let name = match choices.below(12) {
            10 => "r#type".to_owned(),
            11 => "r#match".to_owned(),
            _ => variables.fresh("p"),
        };
        let name = if variables.all.iter().any(|known| known.name == name) {
            variables.fresh("p")
        } else {
            name
        };
        let kind = choices.below(8);
        let mutable = kind == 5 || kind == 4;
        let (name, usable) = match kind {
            6 => ("_".to_owned(), false),
            7 => (variables.fresh("_p"), false),
            _ => (name, true),
        };
        let pattern = if mutable { format!("mut {name}") } else { name.clone() };
        variables.all.push(Variable { name, of, mutable, usable, is_parameter: true });
        pattern
    }
}
