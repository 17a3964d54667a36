//! What do random functions do?

use std::fmt::Write;

use super::choices::Choices;
use super::function::Returns;
use super::variables::{Type, Variable, Variables};

/// How deep expressions and blocks are in one another.
pub(super) const DEPTH: usize = 3;

/// A body as it is written.
pub(super) struct Body<'c> {
    pub(super) choices: &'c mut Choices,
    pub(super) variables: Variables,
    pub(super) returns: Returns,
    pub(super) is_async: bool,
    /// Whether `$number` is an expression.
    pub(super) is_made_by_macro: bool,
    pub(super) depth: usize,
    /// What may be named: in a loop nothing is moved, in a thread nothing is borrowed.
    pub(super) place: Place,
    text: String,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    Straight,
    Loop,
    /// A closure, which returns for itself.
    Closure,
    /// A closure or block that takes copies of what it names.
    Copies,
}

impl<'c> Body<'c> {
    pub(super) fn new(
        choices: &'c mut Choices,
        variables: Variables,
        returns: Returns,
        is_async: bool,
        is_made_by_macro: bool,
    ) -> Self {
        let text = String::new();
        Body {
            choices,
            variables,
            returns,
            is_async,
            is_made_by_macro,
            depth: 0,
            place: Place::Straight,
            text,
        }
    }

    /// Names variables, so that they are no unused ones.
    pub(super) fn uses(&mut self, names: &[String]) {
        for name in names {
            let _ = writeln!(self.text, "    println!(\"{{}}\", {name});");
        }
    }

    pub(super) fn written(mut self) -> String {
        for _ in 0..self.choices.below(6) {
            self.statement();
        }
        let last = self.returned();
        if !last.is_empty() {
            let _ = writeln!(self.text, "    {last}");
        }
        self.text
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{}{line}", "    ".repeat(self.depth + 1));
    }

    fn declare(&mut self, of: Type, mutable: bool) -> String {
        // Now and then the name of a parameter, which is hidden then.
        let hidden =
            self.variables.all.iter().find(|known| known.is_parameter && known.of == Type::Number);
        let name = match hidden.filter(|known| known.name != "_").map(|known| known.name.clone()) {
            Some(name) if self.choices.once_in(6) => name,
            _ => self.variables.fresh("v"),
        };
        self.variables.all.push(Variable::local(name.clone(), of, mutable));
        name
    }

    fn block(&mut self, place: Place) {
        let (known, before) = (self.variables.all.len(), self.place);
        self.depth += 1;
        self.place = place;
        for _ in 0..=self.choices.below(2) {
            self.statement();
        }
        self.place = before;
        self.depth -= 1;
        self.variables.all.truncate(known);
    }

    fn statement(&mut self) {
        let kinds = if self.depth < DEPTH { 22 } else { 12 };
        match self.choices.below(kinds) {
            0 => {
                let number = self.number();
                self.line(&format!("println!(\"{{}}\", {number});"));
            }
            1 => {
                let number = self.number();
                let name = self.declare(Type::Number, false);
                self.line(&format!("let {name} = {number};"));
            }
            2 => {
                let name = self.declare(Type::Loud, false);
                let line = format!("let {name} = Loud(\"{}\");", name.trim_start_matches("r#"));
                self.line(&line);
            }
            3 => {
                let text = self.text();
                let name = self.declare(Type::Text, false);
                self.line(&format!("let {name} = {text};"));
            }
            4 => {
                let text = self.text();
                self.line(&format!("println!(\"{{}}\", {text});"));
            }
            5 => self.change(),
            6 => self.drop_something(),
            7 => self.try_something(),
            8 => {
                let condition = self.condition();
                self.line(&format!("assert!({condition} || true, \"never\");"));
            }
            9 => {
                let number = self.number();
                let name = self.declare(Type::Maybe, false);
                self.line(&format!("let {name} = even({number});"));
            }
            10 => {
                let shown = self.variables.usable(Type::Debug);
                if !shown.is_empty() && self.place != Place::Copies {
                    let name = self.name_of(&shown);
                    self.line(&format!("println!(\"{{:?}}\", {name});"));
                }
            }
            11 => {
                let number = self.number();
                self.line(&format!("let _ = {number};"));
            }
            12 => self.branch(),
            13 => self.counted(),
            14 => self.leave(),
            15 => self.fail(),
            16 => self.taken_apart(),
            17 => {
                let number = self.number();
                self.line(&format!("match {number} % 3 {{"));
                for pattern in ["0", "1", "_"] {
                    self.line(&format!("{pattern} => {{"));
                    self.block(self.place);
                    self.line("}");
                }
                self.line("}");
            }
            18 => self.closure(),
            19 => {
                self.line("{");
                self.block(self.place);
                self.line("}");
            }
            20 => {
                let label = self.variables.fresh("'l");
                let condition = self.condition();
                self.line(&format!("{label}: loop {{"));
                self.line(&format!("    if {condition} {{ break {label}; }}"));
                self.block(if self.place == Place::Straight { Place::Loop } else { self.place });
                self.line("    break;");
                self.line("}");
            }
            _ => {
                let number = self.number_among(Place::Copies);
                let name = self.declare(Type::Number, false);
                self.line(&format!(
                    "let {name} = std::thread::spawn(move || {number}).join().unwrap();"
                ));
            }
        }
    }

    fn counted(&mut self) {
        let name = self.variables.fresh("i");
        let end = self.choices.below(3);
        self.line(&format!("for {name} in 0..{end}u64 {{"));
        self.variables.all.push(Variable::local(name, Type::Number, false));
        self.block(if self.place == Place::Straight { Place::Loop } else { self.place });
        self.variables.forget_last();
        self.line("}");
    }

    fn branch(&mut self) {
        let condition = self.condition();
        self.line(&format!("if {condition} {{"));
        self.block(self.place);
        if self.choices.once_in(2) {
            self.line("} else {");
            self.block(self.place);
        }
        self.line("}");
    }

    /// Changes a variable, and tells it.
    fn change(&mut self) {
        if matches!(self.place, Place::Closure | Place::Copies) {
            return;
        }
        let number = self.number();
        let lists = self.variables.usable(Type::List);
        let changeable = |body: &Self, of| -> Vec<usize> {
            let usable = body.variables.usable(of).into_iter();
            usable.filter(|at| body.variables.all[*at].mutable).collect()
        };
        let (numbers, texts) = (changeable(self, Type::Number), changeable(self, Type::Text));
        match self.choices.below(4) {
            0 if self.variables.has_mut_self => {
                // An `Rc` or a `Box` that is not `mut` has none.
                self.line(&format!("self.id += {number};"));
            }
            1 if !numbers.is_empty() => {
                let name = self.name_of(&numbers);
                self.line(&format!("{name} += {number};"));
                self.line(&format!("println!(\"{{}}\", {name});"));
            }
            2 if !texts.is_empty() => {
                let name = self.name_of(&texts);
                self.line(&format!("{name}.push('x');"));
            }
            _ if !lists.is_empty() => {
                let name = self.name_of(&lists);
                self.line(&format!("{name}.push({number});"));
            }
            _ => (),
        }
    }

    fn drop_something(&mut self) {
        let mut all = self.variables.usable(Type::Loud);
        all.extend(self.variables.usable(Type::Text));
        if all.is_empty() || self.place == Place::Copies {
            return;
        }
        let at = self.choices.one_of(&all);
        let name = self.variables.all[at].name.clone();
        if self.place != Place::Straight {
            self.line(&format!("println!(\"{{:?}}\", {name});"));
            return;
        }
        let kind = self.choices.below(4);
        let line = match kind {
            0 => format!("println!(\"{{:?}}\", {name});"),
            1 => format!("drop({name});"),
            2 => format!("let _ = {name};"),
            _ => format!("(move || println!(\"{{:?}}\", {name}))();"),
        };
        self.variables.all[at].usable = !matches!(kind, 1 | 3);
        self.line(&line);
    }

    /// Leaves by `?`, where the function's type lets it.
    fn try_something(&mut self) {
        let question = match self.returns {
            _ if matches!(self.place, Place::Closure | Place::Copies) => return,
            Returns::Maybe => "even",
            Returns::Fallible | Returns::FallibleLoud => "small",
            _ => return,
        };
        let number = self.number();
        let name = self.declare(Type::Number, false);
        self.line(&format!("let {name} = {question}({number})?;"));
    }

    fn leave(&mut self) {
        // Two closures are two types, of which an `impl Trait` is one.
        let is_opaque = matches!(self.returns, Returns::Iterator | Returns::Closure);
        if is_opaque || matches!(self.place, Place::Closure | Place::Copies) {
            return;
        }
        let condition = self.condition();
        let before = self.place;
        self.place = Place::Loop;
        let returned = self.returned();
        self.place = before;
        self.line(&format!("if {condition} {{ return {returned}; }}"));
    }

    fn fail(&mut self) {
        let condition = self.condition();
        let number = self.number();
        self.line(&format!("if {condition} {{ panic!(\"at {{}}\", {number}); }}"));
    }

    fn taken_apart(&mut self) {
        let maybe = self.maybe();
        let name = self.variables.fresh("m");
        self.line(&format!("if let Some({name}) = {maybe} {{"));
        self.variables.all.push(Variable::local(name, Type::Number, false));
        self.block(self.place);
        self.variables.forget_last();
        self.line("}");
    }

    fn closure(&mut self) {
        let number = self.number();
        let (name, argument) = (self.variables.fresh("c"), self.variables.fresh("x"));
        self.line(&format!("let {name} = |{argument}: u64| {{"));
        self.variables.all.push(Variable::local(argument.clone(), Type::Number, false));
        let place = if self.place == Place::Copies { Place::Copies } else { Place::Closure };
        self.block(place);
        self.variables.forget_last();
        self.line(&format!("    {argument} + 1"));
        self.line("};");
        self.line(&format!("println!(\"{{}}\", {name}({number}));"));
    }
}
