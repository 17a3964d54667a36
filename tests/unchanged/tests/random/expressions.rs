//! Which expressions are there, of each type?

use super::body::{Body, DEPTH, Place};
use super::function::Returns;
use super::variables::Type;

impl Body<'_> {
    /// What the function returns; it may move, where it is the last.
    pub(super) fn returned(&mut self) -> String {
        match self.returns {
            Returns::Nothing => String::new(),
            Returns::Number => self.number(),
            Returns::Text => self.text(),
            Returns::Loud => self.loud(),
            Returns::Maybe => self.maybe(),
            Returns::Fallible => match self.choices.below(3) {
                0 => format!("Ok({})", self.number()),
                1 => format!("Err({})", self.text()),
                _ => format!("small({})", self.number()),
            },
            Returns::FallibleLoud => match self.choices.below(3) {
                0 => format!("Ok({})", self.loud()),
                1 => format!("Err({})", self.text()),
                _ => format!("small({}).map(|_| Loud(\"mapped\"))", self.number()),
            },
            Returns::Str => {
                let all = self.variables.usable(Type::Str);
                if all.is_empty() { "\"literal\"".to_owned() } else { self.name_of(&all) }
            }
            Returns::Iterator => format!("(0..{}).map(|x: u64| x + 1)", self.number_small()),
            Returns::Boxed => {
                let number = self.number_among(Place::Copies);
                format!("Box::new(move |x| x + {number})")
            }
            Returns::Closure => {
                let number = self.number_among(Place::Copies);
                format!("move |x: u64| x + {number}")
            }
        }
    }

    fn loud(&mut self) -> String {
        let all = self.variables.usable(Type::Loud);
        if all.is_empty() || self.place != Place::Straight {
            return "Loud(\"made\")".to_owned();
        }
        self.name_of(&all)
    }

    pub(super) fn maybe(&mut self) -> String {
        let all = self.variables.usable(Type::Maybe);
        match self.choices.below(3) {
            1 if !all.is_empty() => self.name_of(&all),
            2 => "None::<u64>".to_owned(),
            _ => format!("even({})", self.number()),
        }
    }

    pub(super) fn condition(&mut self) -> String {
        match self.choices.below(3) {
            0 => format!("{} > 5", self.number()),
            1 => format!("{} % 2 == 0", self.number()),
            _ => format!("{} < {}", self.number(), self.number()),
        }
    }

    pub(super) fn text(&mut self) -> String {
        let names = |body: &Self, of| -> Vec<usize> {
            if body.place == Place::Copies { Vec::new() } else { body.variables.usable(of) }
        };
        let (texts, strs, widths) =
            (names(self, Type::Text), names(self, Type::Str), names(self, Type::Width));
        let numbers = self.variables.usable(Type::Number);
        let bare = |name: String| name.trim_start_matches("r#").to_owned();
        match self.choices.below(7) {
            1 if !texts.is_empty() => format!("{}.clone()", self.name_of(&texts)),
            2 if !strs.is_empty() => format!("format!(\"<{{{}}}>\")", bare(self.name_of(&strs))),
            3 if !numbers.is_empty() => {
                format!("format!(\"{{{}:>4}}\")", bare(self.name_of(&numbers)))
            }
            4 if !numbers.is_empty() && !widths.is_empty() => {
                let (number, width) = (bare(self.name_of(&numbers)), bare(self.name_of(&widths)));
                format!("format!(\"{{{number}:>{width}$}}\")")
            }
            5 if !texts.is_empty() => format!("format!(\"{{{}:?}}\")", bare(self.name_of(&texts))),
            6 if !texts.is_empty() && self.place == Place::Straight => {
                let at = self.choices.one_of(&texts);
                self.variables.all[at].usable = false;
                self.variables.all[at].name.clone()
            }
            _ => format!("format!(\"{{}}\", {})", self.number()),
        }
    }

    fn number_small(&mut self) -> String {
        self.choices.one_of(&["3", "0"]).to_owned()
    }

    pub(super) fn number_among(&mut self, place: Place) -> String {
        let before = self.place;
        self.place = place;
        let number = self.number();
        self.place = before;
        number
    }

    pub(super) fn number(&mut self) -> String {
        self.depth += 1;
        let number = self.number_within();
        self.depth -= 1;
        number
    }

    fn number_within(&mut self) -> String {
        let copies = self.place == Place::Copies;
        let names = |body: &Self, of| -> Vec<usize> {
            if copies { Vec::new() } else { body.variables.usable(of) }
        };
        let numbers = self.variables.usable(Type::Number);
        let kinds = if self.depth <= DEPTH { 16 } else { 8 };
        match self.choices.below(kinds) {
            1 | 2 if !numbers.is_empty() => self.name_of(&numbers),
            3 if self.variables.has_self && !copies => "self.id".to_owned(),
            4 if self.is_made_by_macro => "2u64 * $number".to_owned(),
            5 if !names(self, Type::Text).is_empty() => {
                format!("({}.len() as u64)", self.name_of(&names(self, Type::Text)))
            }
            6 if !names(self, Type::List).is_empty() => {
                format!("({}.len() as u64)", self.name_of(&names(self, Type::List)))
            }
            7 if !names(self, Type::Maybe).is_empty() => {
                format!("{}.unwrap_or(1)", self.name_of(&names(self, Type::Maybe)))
            }
            8 => format!("({} + {})", self.number(), self.number()),
            9 => {
                let condition = self.condition();
                format!("(if {condition} {{ {} }} else {{ {} }})", self.number(), self.number())
            }
            10 => {
                let argument = self.variables.fresh("x");
                let number = self.number_among(if copies { Place::Copies } else { Place::Closure });
                format!("(|{argument}: u64| {argument} * {number})({})", self.number())
            }
            11 if self.is_async && !matches!(self.place, Place::Copies | Place::Closure) => {
                format!("later({}).await", self.number())
            }
            12 if !names(self, Type::Function).is_empty() => {
                let function = self.name_of(&names(self, Type::Function));
                format!("{function}({})", self.number())
            }
            13 => {
                let maybe = self.maybe();
                format!("(match {maybe} {{ Some(some) => some, None => {} }})", self.number())
            }
            14 if !names(self, Type::Width).is_empty() => {
                format!("({} as u64)", self.name_of(&names(self, Type::Width)))
            }
            15 => {
                let name = self.variables.fresh("b");
                format!("{{ let {name} = {}; {name} + 1 }}", self.number())
            }
            _ => self.choices.one_of(&["1", "2", "7"]).to_owned() + "u64",
        }
    }

    pub(super) fn name_of(&mut self, all: &[usize]) -> String {
        let at = self.choices.one_of(all);
        self.variables.all[at].name.clone()
    }
}
