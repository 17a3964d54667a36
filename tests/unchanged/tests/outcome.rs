//! What becomes of a case, with and without the attribute, and where does that differ?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use crate::case::{Case, EDITIONS};
use crate::compiled::{Compiled, Message};
use crate::known::Of;
use crate::program::{FLAVOURS, Flavour, Program, compile};
use crate::run::{Installed, Run, run};

/// What is generated and compiled, for all cases.
pub(crate) struct Outcomes {
    compiled: BTreeMap<Program, Compiled>,
}

impl Outcomes {
    /// Those that compile are one program an edition; each other is one of its own. Where one does not
    /// compile against all expectation, it becomes one of its own too. `prelude` is a module in each.
    pub(crate) fn of(workspace: &str, cases: &[Case], prelude: Option<&Path>) -> Outcomes {
        let mut alone: BTreeSet<(&str, &str)> = BTreeSet::new();
        for case in cases.iter().filter(|case| case.is_alone()) {
            alone.extend(case.editions().into_iter().map(|edition| (edition, &*case.name)));
        }
        loop {
            let compiled = compile(workspace, &programs(workspace, cases, &alone), prelude);
            let known = alone.len();
            for (program, compiled) in
                compiled.iter().filter(|(program, of)| program.name == workspace && of.failed())
            {
                let failed: Vec<_> =
                    compiled.messages.iter().filter(|message| message.is_error).collect();
                let modules: BTreeSet<_> =
                    failed.iter().filter_map(|message| message.module.as_deref()).collect();
                let found = cases.iter().filter(|case| modules.contains(&*case.module()));
                alone.extend(found.map(|case| (program.edition, &*case.name)));
                assert!(!modules.is_empty(), "{}: {failed:#?}", program.target());
            }
            if alone.len() == known {
                return Outcomes { compiled };
            }
        }
    }

    fn find(&self, case: &Case, edition: &str, flavour: Flavour) -> (&Program, &Compiled) {
        let module = case.module();
        self.compiled
            .iter()
            .find(|(program, _)| {
                (program.edition, program.flavour) == (edition, flavour)
                    && program.modules.iter().any(|(name, _)| *name == module)
            })
            .expect("every case is in a program")
    }
}

/// The program of those that compile is called as their workspace: others have the same target folder.
fn programs(workspace: &str, cases: &[Case], alone: &BTreeSet<(&str, &str)>) -> Vec<Program> {
    let mut programs = Vec::new();
    for flavour in FLAVOURS {
        for edition in EDITIONS {
            let mut together = Vec::new();
            for case in cases.iter().filter(|case| case.editions().contains(&edition)) {
                let (name, module) = (case.module(), (case.module(), case.path.clone()));
                if alone.contains(&(edition, &*case.name)) {
                    programs.push(Program { flavour, edition, name, modules: vec![module] });
                } else {
                    together.push(module);
                }
            }
            if !together.is_empty() {
                programs.push(Program {
                    flavour,
                    edition,
                    name: workspace.to_owned(),
                    modules: together,
                });
            }
        }
    }
    programs
}

/// What of a case is to be told, in an edition.
#[derive(Default)]
pub(crate) struct Findings {
    /// In what it differs.
    pub(crate) differences: Vec<(Of, String)>,
    /// Why it shows nothing.
    pub(crate) flaw: Option<String>,
}

impl Findings {
    pub(crate) fn of(case: &Case, outcomes: &Outcomes, edition: &str) -> Findings {
        let mut found = Findings::default();
        let (plain, plainly) = outcomes.find(case, edition, Flavour::Plain);
        let (traced, with_span) = outcomes.find(case, edition, Flavour::Traced);
        let module = case.module();
        let errors = [plainly, with_span].map(|compiled| compiled.of(&module, true));
        if plainly.failed() != case.fails() {
            let told =
                errors[0].iter().fold(String::new(), |told, error| format!("{told}  {error}\n"));
            found.flaw =
                Some(format!("what does not compile is in `errors`, and only that:\n{told}"));
            return found;
        }
        if errors[0] != errors[1] || plainly.failed() != with_span.failed() {
            let places = errors.each_ref().map(|errors| {
                errors.iter().map(|error| (error.line, &error.code)).collect::<Vec<_>>()
            });
            let of = if places[0] == places[1] { Of::Words } else { Of::Errors };
            found.differences.push((of, told(&errors[0], &errors[1])));
        }
        let (Some(plain_executable), Some(traced_executable)) =
            (&plainly.executable, &with_span.executable)
        else {
            return found;
        };
        let warnings = [plainly, with_span].map(|compiled| compiled.of(&module, false));
        if warnings[0] != warnings[1] {
            found.differences.push((Of::Warnings, told(&warnings[0], &warnings[1])));
        }
        let (expected, _) = run(plain, plain_executable, &module, Installed::Nothing);
        let (off, _) = run(traced, traced_executable, &module, Installed::Nothing);
        let (recorded, spans) = run(traced, traced_executable, &module, Installed::Recorder);
        // A case may end its process, which then tells no number.
        if recorded == expected && spans.is_some_and(|spans| (spans > 0) != case.has_spans) {
            found.flaw = Some("it says otherwise of whether there are spans\n".to_owned());
        }
        let output = if off == recorded {
            told_of_runs("", &expected, &off)
        } else {
            told_of_runs(", nothing installed", &expected, &off)
                + &told_of_runs(", recorded", &expected, &recorded)
        };
        if !output.is_empty() {
            found.differences.push((Of::Output, output));
        }
        found
    }
}

/// The messages that only one has.
fn told(plain: &[Message], traced: &[Message]) -> String {
    let mut told = String::new();
    for message in plain.iter().filter(|message| !traced.contains(message)) {
        let _ = writeln!(told, "  plain:  {message}");
    }
    for message in traced.iter().filter(|message| !plain.contains(message)) {
        let _ = writeln!(told, "  traced: {message}");
    }
    if told.is_empty() {
        let _ = writeln!(
            told,
            "  plain:  {} messages\n  traced: {} messages",
            plain.len(),
            traced.len()
        );
    }
    told
}

/// In what a run differs from one without the attribute; nothing, if it does not.
fn told_of_runs(installed: &str, plain: &Run, traced: &Run) -> String {
    let mut told = String::new();
    for (name, plain, traced) in [
        ("stdout", &plain.printed, &traced.printed),
        ("stderr", &plain.complained, &traced.complained),
        ("end", &plain.end, &traced.end),
    ] {
        if plain != traced {
            let _ = writeln!(
                told,
                "  plain:  {name} {plain:?}\n  traced: {name} {traced:?}{installed}"
            );
        }
    }
    told
}
