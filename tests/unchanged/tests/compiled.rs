//! What did the compiler say of a program?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, iter};

use serde_json::Value;

use crate::program::Program;

/// One program, as the compiler left it.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    /// What came out, unless there are errors.
    pub(crate) executable: Option<PathBuf>,
    pub(crate) messages: Vec<Message>,
}

/// An error or a warning. They are ordered as a person reads them.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Message {
    /// The module that it is about, if it is not the generated `main`.
    pub(crate) module: Option<String>,
    pub(crate) line: u64,
    pub(crate) is_error: bool,
    pub(crate) code: String,
    pub(crate) text: String,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = if self.is_error { "error" } else { "warning" };
        write!(f, "line {}: {level}[{}]: {}", self.line, self.code, self.text)
    }
}

impl Compiled {
    /// Of each target, by what Cargo tells in lines of JSON.
    pub(crate) fn read(told: &str, programs: &[Program]) -> BTreeMap<String, Compiled> {
        let mut compiled: BTreeMap<String, Compiled> =
            programs.iter().map(|program| (program.target(), Compiled::default())).collect();
        let by_target: BTreeMap<_, _> =
            programs.iter().map(|program| (program.target(), program)).collect();
        for line in told.lines() {
            let line: Value = serde_json::from_str(line).expect("a line of JSON");
            let target = line["target"]["name"].as_str().unwrap_or_default();
            let (Some(of), Some(program)) = (compiled.get_mut(target), by_target.get(target))
            else {
                continue;
            };
            match line["reason"].as_str() {
                Some("compiler-artifact") => {
                    of.executable = line["executable"].as_str().map(PathBuf::from);
                }
                Some("compiler-message") => {
                    of.messages.extend(Message::read(&line["message"], program));
                }
                _ => (),
            }
        }
        for compiled in compiled.values_mut() {
            compiled.messages.sort();
        }
        compiled
    }

    /// The errors of a module, or its warnings.
    pub(crate) fn of(&self, module: &str, is_error: bool) -> Vec<Message> {
        let messages = self.messages.iter().filter(|message| message.is_error == is_error);
        messages.filter(|message| message.module.as_deref() == Some(module)).cloned().collect()
    }

    pub(crate) fn failed(&self) -> bool {
        self.executable.is_none()
    }
}

impl Message {
    /// `None` for what says nothing but how many messages there were.
    fn read(message: &Value, program: &Program) -> Option<Message> {
        let text = message["message"].as_str()?.to_owned();
        let level = message["level"].as_str()?;
        let is_error = level.starts_with("error") && !text.starts_with("aborting due to");
        let spans = message["spans"].as_array()?;
        let Some(place) = spans.iter().find(|span| span["is_primary"] == true) else {
            // Such as one of the linker.
            let message = Message { module: None, line: 0, is_error, code: String::new(), text };
            return is_error.then_some(message);
        };
        // What a macro of another file makes is found where the macro was called.
        let mut calls = iter::successors(Some(place), |place| Some(&place["expansion"]["span"]))
            .take_while(|place| place.is_object());
        let (module, line) = calls
            .find_map(|place| {
                let file = Path::new(place["file_name"].as_str()?);
                let (name, _) = program.modules.iter().find(|(_, path)| path == file)?;
                Some((Some(name.clone()), place["line_start"].as_u64()?))
            })
            .unwrap_or((None, place["line_start"].as_u64()?));
        Some(Message {
            module,
            line,
            is_error,
            code: message["code"]["code"].as_str().unwrap_or_default().to_owned(),
            text,
        })
    }
}
