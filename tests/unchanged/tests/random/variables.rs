//! What may a body name, at some place of it?

use super::choices::Choices;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Type {
    Number,
    Text,
    /// Tells when it is dropped.
    Loud,
    Str,
    List,
    Maybe,
    Width,
    /// Something that can be shown, of a type that the function does not know.
    Debug,
    Function,
}

impl Type {
    /// As a parameter has it: `opaque` types are for itself alone, not for parts of it.
    pub(super) fn name(self, opaque: bool) -> &'static str {
        match self {
            Type::Number => "u64",
            Type::Text => "String",
            Type::Loud => "Loud",
            Type::Str => "&'a str",
            Type::List => "&mut Vec<u64>",
            Type::Maybe => "Option<u64>",
            Type::Width => "usize",
            Type::Debug if opaque => "impl std::fmt::Debug",
            Type::Debug => "&dyn std::fmt::Debug",
            Type::Function if opaque => "impl Fn(u64) -> u64",
            Type::Function => "Box<dyn Fn(u64) -> u64>",
        }
    }

    /// An argument that fits, however opaque.
    pub(super) fn value(self, choices: &mut Choices, variables: &mut Variables) -> String {
        match self {
            Type::Number => choices.one_of(&["3", "0", "41"]).to_owned(),
            Type::Text => choices.one_of(&["\"ab\".to_owned()", "String::new()"]).to_owned(),
            Type::Loud => format!("Loud(\"{}\")", variables.fresh("argument")),
            Type::Str => "\"text\"".to_owned(),
            Type::List => "&mut vec![1, 2]".to_owned(),
            Type::Maybe => choices.one_of(&["Some(4)", "None"]).to_owned(),
            Type::Width => "5".to_owned(),
            Type::Debug => "&'c'".to_owned(),
            Type::Function => "Box::new(|x: u64| x + 1)".to_owned(),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) of: Type,
    pub(super) mutable: bool,
    /// Neither moved nor `_`.
    pub(super) usable: bool,
    pub(super) is_parameter: bool,
}

impl Variable {
    pub(super) fn local(name: String, of: Type, mutable: bool) -> Variable {
        Variable { name, of, mutable, usable: true, is_parameter: false }
    }
}

#[derive(Default)]
pub(super) struct Variables {
    /// A later one hides those before it that have its name.
    pub(super) all: Vec<Variable>,
    pub(super) has_self: bool,
    pub(super) has_mut_self: bool,
    count: usize,
}

impl Variables {
    /// A name that is not there yet.
    pub(super) fn fresh(&mut self, stem: &str) -> String {
        self.count += 1;
        format!("{stem}{}", self.count)
    }

    pub(super) fn forget_last(&mut self) {
        self.all.pop();
    }

    /// Those of a type that can be named here.
    pub(super) fn usable(&self, of: Type) -> Vec<usize> {
        let is_last =
            |at: usize| self.all[at + 1..].iter().all(|later| later.name != self.all[at].name);
        (0..self.all.len())
            .filter(|at| self.all[*at].usable && self.all[*at].of == of && is_last(*at))
            .collect()
    }
}
