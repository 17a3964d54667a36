//! What does the attribute cost whoever compiles annotated functions?
//!
//! tokio-rs/tracing#1399, #616, #1526: what the attribute costs whoever compiles it.
//!
//! `cargo bench -p otel-benches --bench compile_time [-- ROUNDS]`, on Linux.
//!
//! A crate of 500 sync and 500 async functions with two attributes each, once for each contender.
//! They take turns, and what is counted is user and system time of the compiler at that crate alone:
//! what it depends on has been compiled before, and Cargo's own time is not in it. This program is
//! the wrapper that Cargo calls the compiler through.

use std::env;
use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use otel_benches::progress;

/// Functions of each kind.
const FUNCTIONS: usize = 500;

/// How often each crate is compiled, unless it is said.
const ROUNDS: usize = 7;

/// Where the wrapper leaves the time; that it is there says that this process is the wrapper.
const TIME: &str = "OTEL_BENCHES_TIME";

/// A way to annotate a function.
struct Contender {
    name: &'static str,
    dependency: &'static str,
    attribute: &'static str,
}

/// The first is what the others are compared with, the last is ours.
const CONTENDERS: [Contender; 4] = [
    Contender { name: "plain", dependency: "", attribute: "" },
    Contender {
        name: "tracing",
        dependency: r#"tracing = { version = "0.1", default-features = false, features = ["attributes", "std"] }"#,
        attribute: "#[tracing::instrument(skip_all, fields(id, name))]",
    },
    Contender {
        name: "fastrace",
        dependency: r#"fastrace = { version = "0.7.17", features = ["enable"] }"#,
        attribute: r#"#[fastrace::trace(properties = { "id": "{id}", "name": "{name}" })]"#,
    },
    Contender {
        name: "#[traced]",
        dependency: r#"otel-runtime = { path = "RUNTIME", default-features = false, features = ["macros"] }"#,
        attribute: "#[otel_runtime::traced(attrs(id, name))]",
    },
];

const TRACING: usize = 1;
const FASTRACE: usize = 2;
const TRACED: usize = 3;

/// What Cargo is told to do, and what the crate may cost of the same with `tracing` and `fastrace`.
struct Task {
    name: &'static str,
    arguments: &'static [&'static str],
    limits: [f64; 2],
}

const TASKS: [Task; 2] = [
    Task { name: "cargo check", arguments: &["check"], limits: [0.40, 0.65] },
    Task {
        name: "cargo build --release",
        arguments: &["build", "--release"],
        limits: [0.50, 0.35],
    },
];

/// What the release `rlib` may have of `tracing`'s.
const RLIB: f64 = 0.4;

fn main() -> ExitCode {
    if let Some(file) = env::var_os(TIME) {
        return compile(&PathBuf::from(file));
    }
    let rounds = env::args().find_map(|argument| argument.parse().ok()).unwrap_or(ROUNDS);
    let folder = generate();
    println!("{FUNCTIONS} sync and {FUNCTIONS} async functions, user + system seconds, medians\n");
    println!("{:<24}{:<12}{:>8}{:>12}{:>12}", "", "", "s", "x tracing", "x fastrace");
    for task in &TASKS {
        let medians = measure(task, &folder, rounds);
        for (contender, median) in CONTENDERS.iter().zip(medians) {
            let ratios = [median / medians[TRACING], median / medians[FASTRACE]];
            let name = contender.name;
            println!(
                "{:<24}{name:<12}{median:>8.2}{:>12.2}{:>12.2}",
                task.name, ratios[0], ratios[1]
            );
        }
        println!(
            "{:<24}{:<12}{:>8}{:>12}{:>12}\n",
            "", "at most", "", task.limits[0], task.limits[1]
        );
    }
    println!("{:<24}{:<12}{:>8}{:>12}", "", "", "KiB", "x tracing");
    let sizes = [0, TRACING, FASTRACE, TRACED].map(|contender| rlib(&folder, contender));
    for (contender, size) in CONTENDERS.iter().zip(sizes) {
        let (name, ratio) = (contender.name, size / sizes[TRACING]);
        println!("{:<24}{name:<12}{size:>8.0}{ratio:>12.2}", "release rlib");
    }
    println!("{:<24}{:<12}{:>8}{RLIB:>12}", "", "at most", "");
    ExitCode::SUCCESS
}

/// Median seconds of each contender.
fn measure(task: &Task, folder: &Path, rounds: usize) -> [f64; CONTENDERS.len()] {
    let mut times = [const { Vec::new() }; CONTENDERS.len()];
    // The first round is for what the crates depend on.
    for round in 0..=rounds {
        progress::step(format_args!("{}, round", task.name), round, rounds);
        for (contender, times) in times.iter_mut().enumerate() {
            let time = cargo(task, folder, contender);
            if round > 0 {
                times.push(time);
            }
        }
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    })
}

/// Seconds that the compiler takes for a contender's crate.
fn cargo(task: &Task, folder: &Path, contender: usize) -> f64 {
    let source = folder.join(package(contender)).join("lib.rs");
    fs::write(&source, source_of(contender)).expect("the crate can be written");
    let time = folder.join("time");
    let this = env::current_exe().expect("this program has a path");
    let output = Command::new(env!("CARGO"))
        .args(task.arguments)
        .args(["--quiet", "--offline", "--package", &package(contender)])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        // A crate that is compiled anew says nothing about one that has changed a little.
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTC_WORKSPACE_WRAPPER", this)
        .env(TIME, &time)
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let time = fs::read_to_string(time).expect("the compiler was called through the wrapper");
    time.parse().expect("a time is a number")
}

/// The life of the wrapper: does what it is told, and says how long that took.
fn compile(time: &Path) -> ExitCode {
    let mut command: Vec<OsString> = env::args_os().skip(1).collect();
    let compiler = command.remove(0);
    let status = Command::new(compiler).args(command).status().expect("the compiler starts");
    fs::write(time, children().to_string()).expect("the time can be written");
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// User and system seconds of the processes that this one has waited for, by `proc_pid_stat(5)`.
fn children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("this is Linux");
    // The second field is a name in parentheses, and may hold anything.
    let (_, fields) = stat.rsplit_once(')').expect("a name in parentheses");
    let ticks = fields.split_whitespace().skip(13).take(2);
    let ticks: u32 = ticks.map(|field| field.parse::<u32>().expect("a number of ticks")).sum();
    f64::from(ticks) / 100.0
}

/// Writes a workspace with a package for each contender, with the versions of this one.
fn generate() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_time");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let runtime = here.join("../otel-runtime");
    let runtime = runtime.to_str().expect("a path that a manifest can hold");
    fs::create_dir_all(&folder).expect("a temporary folder");
    let members = [0, TRACING, FASTRACE, TRACED].map(package);
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    fs::write(folder.join("Cargo.toml"), manifest).expect("the workspace can be written");
    fs::copy(here.join("../Cargo.lock"), folder.join("Cargo.lock")).expect("versions to use");
    for (index, contender) in CONTENDERS.iter().enumerate() {
        let name = package(index);
        let dependency = contender.dependency.replace("RUNTIME", runtime);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [lib]\npath = \"lib.rs\"\n[dependencies]\n{dependency}\n"
        );
        fs::create_dir_all(folder.join(&name)).expect("a folder for the package");
        fs::write(folder.join(name).join("Cargo.toml"), manifest).expect("a package");
    }
    folder
}

fn package(contender: usize) -> String {
    format!("contender_{contender}")
}

fn source_of(contender: usize) -> String {
    let attribute = CONTENDERS[contender].attribute;
    let mut source = String::from("use std::{future::{Future, ready}, pin::Pin};\n");
    let mut arms = String::new();
    for index in 0..FUNCTIONS {
        write!(
            source,
            "
{attribute}
pub fn sync_{index}(id: u64, name: &str) -> u64 {{
    name.bytes().fold(id, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
}}

{attribute}
pub async fn async_{index}(id: u64, name: &str) -> u64 {{
    let sum = sync_{index}(id, name);
    ready(sum).await.wrapping_add({index})
}}
"
        )
        .expect("text can be written");
        writeln!(arms, "        {index} => Box::pin(async_{index}(id, name)),")
            .expect("text can be written");
    }
    // What is never polled is hardly compiled.
    write!(
        source,
        "
pub fn call(index: usize, id: u64, name: &str) -> Pin<Box<dyn Future<Output = u64> + '_>> {{
    match index {{
{arms}        _ => Box::pin(ready(0)),
    }}
}}
"
    )
    .expect("text can be written");
    source
}

/// Size of what the last release build left, in KiB.
#[expect(clippy::cast_precision_loss, reason = "a size to compare")]
fn rlib(folder: &Path, contender: usize) -> f64 {
    let rlib = folder.join("target/release").join(format!("lib{}.rlib", package(contender)));
    fs::metadata(rlib).expect("it has been built").len() as f64 / 1024.0
}
