//! Which functions are there, and how are they called?

use std::fmt::Write;

use super::body::Body;
use super::choices::Choices;
use super::parameter::Parameter;
use super::variables::{Type, Variables};

/// What a function returns.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Returns {
    Nothing,
    Number,
    Text,
    Loud,
    Maybe,
    Fallible,
    FallibleLoud,
    Str,
    Iterator,
    Boxed,
    Closure,
}

impl Returns {
    fn name(self) -> &'static str {
        match self {
            Returns::Nothing => "()",
            Returns::Number => "u64",
            Returns::Text => "String",
            Returns::Loud => "Loud",
            Returns::Maybe => "Option<u64>",
            Returns::Fallible => "Result<u64, String>",
            Returns::FallibleLoud => "Result<Loud, String>",
            Returns::Str => "&'a str",
            Returns::Iterator => "impl Iterator<Item = u64>",
            Returns::Boxed => "Box<dyn Fn(u64) -> u64>",
            Returns::Closure => "impl Fn(u64) -> u64",
        }
    }

    /// What is shown of a call.
    fn shown(self, call: &str) -> String {
        match self {
            Returns::Iterator => format!("{call}.collect::<Vec<_>>()"),
            Returns::Boxed | Returns::Closure => format!("{call}(3)"),
            _ => call.to_owned(),
        }
    }
}

/// How a function is called, and on what.
const RECEIVERS: [(&str, &str); 7] = [
    ("", ""),
    ("&self", "thing()"),
    ("&mut self", "thing()"),
    ("self", "thing()"),
    ("mut self", "thing()"),
    ("self: Box<Self>", "Box::new(thing())"),
    ("self: std::rc::Rc<Self>", "std::rc::Rc::new(thing())"),
];

/// A module with one function and a `main` that calls it.
pub(super) fn module(choices: &mut Choices) -> String {
    let is_async = choices.once_in(2);
    let is_made_by_macro = choices.once_in(8);
    let mut variables = Variables::default();
    let (receiver, object) = choices.one_of(&RECEIVERS);
    variables.has_self = !receiver.is_empty();
    variables.has_mut_self = receiver.contains("mut");
    let mut parameters = Vec::new();
    let mut arguments = Vec::new();
    for _ in 0..choices.below(5) {
        let parameter = Parameter::new(choices, &mut variables, 0);
        parameters.push(format!("{}: {}", parameter.pattern, parameter.of));
        arguments.push(parameter.value);
    }
    let returns = returns(choices, &variables);
    let attribute = attribute(choices, &variables, returns, is_async);
    let mut body = Body::new(choices, variables, returns, is_async, is_made_by_macro);
    body.uses(&attribute.named);
    let body = body.written();

    let mut signature = String::new();
    if !receiver.is_empty() {
        parameters.insert(0, receiver.to_owned());
    }
    let lifetime =
        if parameters.iter().any(|parameter| parameter.contains("'a")) { "<'a>" } else { "" };
    let word = if is_async { "async fn" } else { "fn" };
    // A lifetime of the call is not the one of the definition.
    let of = if is_made_by_macro && returns != Returns::Str { "$returned" } else { returns.name() };
    let arrow = if returns == Returns::Nothing && !is_made_by_macro {
        String::new()
    } else {
        format!(" -> {of}")
    };
    let _ = write!(signature, "{word} tested{lifetime}({}){arrow}", parameters.join(", "));
    let function = format!("{}\n{signature} {{\n{body}}}\n", attribute.written);
    let function =
        if receiver.is_empty() { function } else { format!("impl Thing {{\n{function}}}\n") };
    let function = if is_made_by_macro {
        format!(
            "macro_rules! make {{\n($returned:ty, $number:expr) => {{\n{function}}};\n}}\n\
             make!({}, 1 + 2);\n",
            returns.name()
        )
    } else {
        function
    };
    let path = if receiver.is_empty() { String::new() } else { format!("{object}.") };
    let call = format!("{path}tested({})", arguments.join(", "));
    let mut main = String::new();
    if is_async {
        let shown = returns.shown(&format!("block_on({call})"));
        let _ = writeln!(main, "    called(|| println!(\"{{:?}}\", {shown}));");
        let _ = writeln!(main, "    called(|| println!(\"{{:?}}\", polled_once({call})));");
    } else {
        let shown = returns.shown(&call);
        let _ = writeln!(main, "    called(|| println!(\"{{:?}}\", {shown}));");
    }
    let thing = if receiver.is_empty() { "" } else { "use self::own::{thing, Thing};\n" };
    let own = if receiver.is_empty() { "" } else { OWN };
    format!(
        "#[allow(unused_imports)]\nuse crate::prelude::{{block_on, called, even, later, polled_once, small, Loud, Pair}};\n\
         use otel_runtime::traced;\n{thing}\n{function}\n{own}pub fn main() {{\n{main}}}\n"
    )
}

/// A type has methods in its own module alone, of which each function wants another of that name.
const OWN: &str = "mod own {
    use crate::prelude::Loud;
    #[allow(dead_code)]
    pub struct Thing { pub id: u64, pub loud: Loud }
    pub fn thing() -> Thing { Thing { id: 6, loud: Loud(\"thing\") } }
}
";

fn returns(choices: &mut Choices, variables: &Variables) -> Returns {
    let returns = choices.one_of(&[
        Returns::Nothing,
        Returns::Number,
        Returns::Text,
        Returns::Loud,
        Returns::Maybe,
        Returns::Fallible,
        Returns::Fallible,
        Returns::FallibleLoud,
        Returns::FallibleLoud,
        Returns::Str,
        Returns::Iterator,
        Returns::Boxed,
        Returns::Closure,
    ]);
    let has_str = variables.all.iter().any(|variable| variable.of == Type::Str);
    if returns == Returns::Str && !has_str { Returns::Number } else { returns }
}

/// The attribute, and which variables it names.
struct Attribute {
    written: String,
    named: Vec<String>,
}

fn attribute(
    choices: &mut Choices,
    variables: &Variables,
    returns: Returns,
    is_async: bool,
) -> Attribute {
    let mut arguments: Vec<&str> = Vec::new();
    for argument in [
        "level = debug",
        "sample = 0.5",
        "skip_pii",
        "name = \"tested\"",
        "kind = client",
        "carry = false",
    ] {
        if choices.once_in(8) {
            arguments.push(argument);
        }
    }
    if is_async && choices.once_in(8) {
        arguments.push("timings");
    }
    let of_result: &[&str] = match returns {
        Returns::Fallible => {
            &["", "err = ?", "err = %", "err = false", "err = |error| error.len()", "ret"]
        }
        Returns::FallibleLoud => &["", "err = ?", "ret = ?", "ok_if = |result| result.is_ok()"],
        Returns::Number => {
            &["", "ret", "error_if = |number| *number > 20", "ret(half = |number| number / 2)"]
        }
        Returns::Text | Returns::Str => &["", "ret"],
        Returns::Maybe => &["", "ret = ?", "error_if = |maybe| maybe.is_none()"],
        _ => &[""],
    };
    let of_result = choices.one_of(of_result);
    // What an error says is left out with `skip_pii`, so that what says how is a mistake.
    if !of_result.is_empty() && !arguments.contains(&"skip_pii") {
        arguments.push(of_result);
    }
    let mut named = Vec::new();
    if choices.once_in(3) {
        let values = variables.all.iter().filter(|variable| {
            variable.usable && matches!(variable.of, Type::Number | Type::Text | Type::Str)
        });
        named = values.map(|variable| variable.name.clone()).take(2).collect();
    }
    let attrs = format!("attrs({})", named.join(", "));
    if !named.is_empty() {
        arguments.push(&attrs);
    }
    let attribute = if arguments.is_empty() {
        "#[traced]".to_owned()
    } else {
        format!("#[traced({})]", arguments.join(", "))
    };
    let beside = choices.one_of(&["", "", "", "#[inline]", "#[allow(unused)]", "#[must_use]"]);
    let written = match choices.below(2) {
        0 => format!("{attribute}\n{beside}"),
        _ => format!("{beside}\n{attribute}"),
    };
    Attribute { written: written.trim().to_owned(), named }
}
