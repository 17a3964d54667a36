//! Which functions does a filter let through, and how is it written?

use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::sync::{PoisonError, RwLock};

use crate::span::callsite::Level;

/// A directive for each part of a program, and one for the rest of it.
///
/// It is written as directives with commas between them. `info` is for the whole program;
/// `shop::db=debug` is for the functions whose path begins with `shop::db`, segment by segment. A
/// path is that of a crate, a module, a type, a trait or a function; a trait's method goes by its
/// type's path, by its trait's and by the module that implements it. The longest path wins, and of
/// two directives for one path, the last.
///
/// The levels are `off`, `error`, `warn`, `info`, `debug` and `trace`, in any case. A function has
/// spans if its own level is the directive's or one before it in this list.
///
/// Default: `info`, so that functions at `debug` and `trace` are there when they are asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct Filter {
    rest: Limit,
    parts: Vec<Part>,
}

/// The most verbose level that has spans; `None` if not even `error` has any.
type Limit = Option<Level>;

#[derive(Clone, PartialEq, Eq)]
struct Part {
    path: String,
    limit: Limit,
}

/// The levels that a directive may name.
const LEVELS: [(&str, Limit); 6] = [
    ("off", None),
    ("error", Some(Level::Error)),
    ("warn", Some(Level::Warn)),
    ("info", Some(Level::Info)),
    ("debug", Some(Level::Debug)),
    ("trace", Some(Level::Trace)),
];

static CURRENT: RwLock<Filter> = RwLock::new(Filter::DEFAULT);

/// Replaces the filter. The caller then has the callsites ask it again.
pub(crate) fn replace(filter: Filter) {
    *CURRENT.write().unwrap_or_else(PoisonError::into_inner) = filter;
}

pub(crate) fn with_current<T>(look: impl FnOnce(&Filter) -> T) -> T {
    look(&CURRENT.read().unwrap_or_else(PoisonError::into_inner))
}

impl Filter {
    const DEFAULT: Filter = Filter { rest: Some(Level::Info), parts: Vec::new() };

    /// Whether no function has spans.
    #[cfg(feature = "sdk")]
    pub(crate) fn is_off(&self) -> bool {
        self.rest.is_none() && self.parts.iter().all(|part| part.limit.is_none())
    }

    /// Whether functions of `level` have spans, where they go by any of these paths.
    pub(crate) fn enables(&self, level: Level, paths: impl FnOnce() -> Vec<String>) -> bool {
        let paths = if self.parts.is_empty() { Vec::new() } else { paths() };
        let parts = self.parts.iter().filter(|part| paths.iter().any(|path| part.holds(path)));
        let longest = parts.max_by_key(|part| part.path.len());
        longest.map_or(self.rest, |part| part.limit).is_some_and(|limit| level <= limit)
    }

    fn add(&mut self, directive: &str) -> Result<(), String> {
        let Some((path, level)) = directive.split_once('=') else {
            self.rest = limit(directive).ok_or_else(|| {
                format!("write one of {}, or path=level, such as shop::db=debug", levels())
            })?;
            return Ok(());
        };
        let (path, level) = (path.trim(), level.trim());
        check(path)?;
        let limit = limit(level)
            .ok_or_else(|| format!("write one of {} behind the equals sign", levels()))?;
        self.parts.retain(|part| part.path != path);
        self.parts.push(Part { path: path.to_owned(), limit });
        Ok(())
    }
}

impl Part {
    fn holds(&self, path: &str) -> bool {
        let rest = path.strip_prefix(&self.path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }
}

fn limit(level: &str) -> Option<Limit> {
    let known = LEVELS.iter().find(|(name, _)| name.eq_ignore_ascii_case(level));
    known.map(|(_, limit)| *limit)
}

fn name(limit: Limit) -> &'static str {
    LEVELS.iter().find(|(_, known)| *known == limit).map_or("off", |(name, _)| name)
}

fn levels() -> String {
    LEVELS.map(|(name, _)| name).join(", ")
}

fn check(path: &str) -> Result<(), String> {
    let is_name = |segment: &str| {
        !segment.is_empty() && segment.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    if path.split("::").all(is_name) {
        return Ok(());
    }
    let corrected = path.replace('-', "_");
    if corrected.split("::").all(is_name) {
        return Err(format!("write the crate as code does, {corrected}"));
    }
    Err("write a path of names with :: between them before the equals sign, such as shop::db"
        .to_owned())
}

impl Default for Filter {
    fn default() -> Self {
        Filter::DEFAULT
    }
}

/// Without any directive, the default.
impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let mut filter = Filter::DEFAULT;
        let mut faults = Vec::new();
        for directive in text.split(',').map(str::trim).filter(|directive| !directive.is_empty()) {
            if let Err(remedy) = filter.add(directive) {
                faults.push(Fault { directive: directive.to_owned(), remedy });
            }
        }
        if faults.is_empty() { Ok(filter) } else { Err(FilterError { faults }) }
    }
}

/// As it is parsed, with all directives in effect.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name(self.rest))?;
        self.parts.iter().try_for_each(|part| write!(f, ",{}={}", part.path, name(part.limit)))
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.to_string()).finish()
    }
}

/// The parts of a filter that are not directives.
///
/// ```
/// use otel_runtime::filter::Filter;
///
/// let error = "info,shop::db=loud".parse::<Filter>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "in \"shop::db=loud\" write one of off, error, warn, info, debug, trace behind the equals sign",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Never empty.
    faults: Vec<Fault>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    directive: String,
    remedy: String,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Fault { directive, remedy }) in self.faults.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}in {directive:?} {remedy}")?;
        }
        Ok(())
    }
}

impl Error for FilterError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> Filter {
        text.parse().expect("a filter")
    }

    fn enables(filter: &str, level: Level, path: &str) -> bool {
        self::filter(filter).enables(level, || vec![path.to_owned()])
    }

    #[test]
    fn a_level_lets_through_what_is_as_severe() {
        let ordered = [Level::Error, Level::Warn, Level::Info, Level::Debug, Level::Trace];
        let words = ["off", "ERROR", "warn", " Info ", "debug", "trace"];
        for (through, word) in words.iter().enumerate() {
            for (index, level) in ordered.iter().enumerate() {
                assert_eq!(enables(word, *level, "shop"), index < through, "{level:?} at {word}");
            }
        }
        assert_eq!(filter(""), Filter::default());
        assert_eq!(Filter::default(), filter("info"));
    }

    #[test]
    fn the_longest_path_wins_whatever_the_order() {
        for text in [
            "warn,shop::db=debug,shop::db::Pool=off",
            "shop::db::Pool=off , shop::db = debug,, warn",
        ] {
            assert!(enables(text, Level::Debug, "shop::db::load"), "{text}");
            assert!(enables(text, Level::Debug, "shop::db"), "{text}");
            assert!(!enables(text, Level::Error, "shop::db::Pool::get"), "{text}");
            assert!(!enables(text, Level::Info, "shop::db2::load"), "{text}");
            assert!(!enables(text, Level::Info, "other::shop::db::load"), "{text}");
        }
    }

    #[test]
    fn the_longest_of_all_paths_of_a_function_wins() {
        let paths = || vec!["shop::Cart::load".to_owned(), "store::remote::Store::load".to_owned()];

        assert!(filter("off,shop=debug").enables(Level::Debug, paths));
        assert!(!filter("shop=debug,store::remote=off").enables(Level::Error, paths));
    }

    #[test]
    fn of_two_directives_for_one_path_the_last_holds() {
        let twice = filter("off,shop=off,shop::db=trace,shop=debug,warn");

        assert_eq!(twice.to_string(), "warn,shop::db=trace,shop=debug");
        assert_eq!(filter(&twice.to_string()), twice);
    }

    #[test]
    fn every_mistake_is_told_with_its_remedy() {
        let error =
            "loud,shop=,=info,shop.db=info,my-shop=info".parse::<Filter>().expect_err("mistakes");

        let message = error.to_string();
        let told: Vec<_> = message.split("; ").collect();
        let levels = "off, error, warn, info, debug, trace";
        assert_eq!(told.len(), 5, "{message}");
        assert_eq!(
            told[0],
            format!("in \"loud\" write one of {levels}, or path=level, such as shop::db=debug")
        );
        assert_eq!(told[1], format!("in \"shop=\" write one of {levels} behind the equals sign"));
        assert!(told[2].starts_with("in \"=info\" write a path"), "{message}");
        assert!(told[3].starts_with("in \"shop.db=info\" write a path"), "{message}");
        assert_eq!(told[4], "in \"my-shop=info\" write the crate as code does, my_shop");
    }
}
