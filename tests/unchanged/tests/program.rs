//! Which programs are made of the cases, and how are they compiled?

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::case::EDITIONS;
use crate::compiled::Compiled;

/// What `#[traced]` is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Flavour {
    /// An attribute that does nothing.
    Plain,
    Traced,
}

pub(crate) const FLAVOURS: [Flavour; 2] = [Flavour::Plain, Flavour::Traced];

impl fmt::Display for Flavour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Flavour::Plain => "plain",
            Flavour::Traced => "traced",
        })
    }
}

/// What is compiled at once.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Program {
    pub(crate) flavour: Flavour,
    pub(crate) edition: &'static str,
    pub(crate) name: String,
    /// Name and file of each.
    pub(crate) modules: Vec<(String, PathBuf)>,
}

impl Program {
    /// The name of its target, which no other has.
    pub(crate) fn target(&self) -> String {
        format!("{}-{}-{}", self.flavour, self.edition, self.name)
    }

    fn package(&self) -> String {
        package(self.flavour, self.edition)
    }

    fn source(&self, prelude: Option<&Path>) -> String {
        let mut modules = String::new();
        if let Some(path) = prelude {
            let _ = writeln!(modules, "#[path = \"{}\"]\nmod prelude;", path.display());
        }
        let mut arms = String::new();
        for (name, path) in &self.modules {
            let _ = writeln!(modules, "#[path = \"{}\"]\nmod {name};", path.display());
            let _ = writeln!(arms, "        {name:?} => Termination::report({name}::main()),");
        }
        let recording = match self.flavour {
            Flavour::Plain => "",
            Flavour::Traced => RECORDING,
        };
        format!(
            "use std::process::{{ExitCode, Termination}};\n{modules}\n\
            fn main() -> ExitCode {{\n    \
                let case = std::env::args().nth(1).unwrap();\n    \
                let work = || match &*case {{\n{arms}        _ => panic!(\"which case?\"),\n    }};\n\
                {recording}    work()\n\
            }}\n"
        )
    }
}

/// In the `main` of a program that can record; it tells how many spans there were.
const RECORDING: &str = r#"    if let Some(spans) = std::env::var_os("SPANS") {
        let capture = otel_runtime::testing::Capture::start();
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        std::fs::write(spans, capture.finish().len().to_string()).unwrap();
        return ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    }
"#;

fn package(flavour: Flavour, edition: &str) -> String {
    format!("{flavour}-{edition}")
}

/// What programs may use, with the versions of this workspace.
const DEPENDENCIES: &str = r#"
async-trait = "0.1"
futures-core = { version = "0.3.31", default-features = false }
tokio = { version = "1.47", default-features = false, features = ["macros", "rt-multi-thread", "time"] }
tracing = { version = "0.1", default-features = false, features = ["attributes", "std"] }
"#;

/// Compiles programs in a workspace of their own, `name`, by one call of Cargo. They share the target
/// folder of this one, and so what they have in common with it.
pub(crate) fn compile(
    name: &str,
    programs: &[Program],
    prelude: Option<&Path>,
) -> BTreeMap<Program, Compiled> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = temporary.join(name);
    // What was generated before and is not any more would be compiled too.
    let _ = fs::remove_dir_all(&folder);
    let packages: Vec<_> = FLAVOURS
        .iter()
        .flat_map(|flavour| EDITIONS.map(|edition| (*flavour, edition)))
        .filter(|of| programs.iter().any(|program| (program.flavour, program.edition) == *of))
        .collect();
    let names: Vec<_> =
        packages.iter().map(|(flavour, edition)| package(*flavour, edition)).collect();
    let mut manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {names:?}\n");
    for name in &names {
        // They only run once, and what they depend on stays as it is in this workspace.
        let _ =
            writeln!(manifest, "[profile.dev.package.{name}]\ndebug = false\nincremental = false");
    }
    write(&folder.join("Cargo.toml"), &manifest);
    fs::copy(here.join("../../Cargo.lock"), folder.join("Cargo.lock")).expect("versions to use");
    for (flavour, edition) in packages {
        let name = package(flavour, edition);
        let attribute = match flavour {
            Flavour::Plain => {
                format!(
                    "{{ package = \"otel-tests-nothing\", path = \"{}\" }}",
                    here.join("nothing").display()
                )
            }
            Flavour::Traced => format!(
                "{{ path = \"{}\", default-features = false, features = [\"macros\", \"testing\"] }}",
                here.join("../../otel-runtime").display()
            ),
        };
        let mut manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"{edition}\"\n\
             autobins = false\n[dependencies]\notel-runtime = {attribute}{DEPENDENCIES}"
        );
        for program in programs.iter().filter(|program| program.package() == name) {
            let file = format!("{}.rs", program.name);
            let _ =
                write!(manifest, "[[bin]]\nname = \"{}\"\npath = \"{file}\"\n", program.target());
            write(&folder.join(&name).join(file), &program.source(prelude));
        }
        write(&folder.join(&name).join("Cargo.toml"), &manifest);
    }
    let output = Command::new(env!("CARGO"))
        .args(["build", "--workspace", "--offline", "--keep-going", "--message-format=json"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", temporary.join(".."))
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .expect("cargo starts");
    let told = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let mut compiled = Compiled::read(&told, programs);
    let failed = compiled.values().any(Compiled::failed);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(failed || output.status.success(), "the programs are not compiled at all:\n{error}");
    programs
        .iter()
        .map(|program| (program.clone(), compiled.remove(&program.target()).expect("one each")))
        .collect()
}

fn write(path: &Path, text: &str) {
    let folder = path.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).expect("a temporary folder");
    fs::write(path, text).expect("a temporary file");
}
