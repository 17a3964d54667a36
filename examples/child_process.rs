//! A program starts others, which start others themselves, all in one trace.
//!
//! ```text
//! cargo run --example child_process
//! ```
//!
//! The others are this program again, told what to do: `convert FILE`, and, started by that, `pack FILE`.

use std::error::Error;
use std::io;
use std::process::{Command, ExitStatus};

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, KeyValue};
use otel_runtime::context::{CommandExt, Environment};
use otel_runtime::traced;

const NAME: &str = "child_process";

/// What the program does that is started first. If another one has started it in turn, it continues that
/// one's trace.
#[traced(parent(extract = environment))]
async fn import(environment: &Environment) -> io::Result<()> {
    wait_for(this_program()?.args(["convert", "stock.csv"]))?;
    wait_async(tokio::process::Command::from(this_program()?).args(["convert", "orders.csv"]))
        .await?;

    // Without the variables of this process, but for those that say where spans go.
    let kept = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("OTEL_"));
    wait_for(this_program()?.args(["pack", "secrets.csv"]).env_clear().envs(kept))
}

/// What a child does: it starts a child of its own.
#[traced(parent(extract = environment), attrs(file, "process.pid" = std::process::id()))]
fn convert(environment: &Environment, file: &str) -> io::Result<()> {
    wait_for(this_program()?.args(["pack", file]))
}

/// What a child of a child does.
#[traced(parent(extract = environment), attrs(file, "process.pid" = std::process::id()))]
fn pack(environment: &Environment, file: &str) {}

/// Runs a program to its end, in a span of its own that the child's span is under.
#[traced(name = NAME, kind = client, attrs("process.executable.name" = NAME))]
fn wait_for(command: &mut Command) -> io::Result<()> {
    let mut child = command.propagate_context().spawn()?;
    let pid = child.id();
    ended(pid, child.wait()?)
}

/// The same, with tokio.
#[traced(name = NAME, kind = client, attrs("process.executable.name" = NAME))]
async fn wait_async(command: &mut tokio::process::Command) -> io::Result<()> {
    let mut child = command.propagate_context().spawn()?;
    let pid = child.id().unwrap_or_default();
    ended(pid, child.wait().await?)
}

/// Records by the conventions for programs of a command line what is only known now.
fn ended(pid: u32, status: ExitStatus) -> io::Result<()> {
    let context = Context::current();
    context.span().set_attribute(KeyValue::new("process.pid", i64::from(pid)));
    if let Some(code) = status.code() {
        context.span().set_attribute(KeyValue::new("process.exit.code", i64::from(code)));
    }
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}

fn this_program() -> io::Result<Command> {
    Ok(Command::new(std::env::current_exe()?))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // What this process was started with, before anything else.
    let environment = Environment::of_process();
    let telemetry = otel_runtime::init()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => import(&environment).await?,
        ["convert", file] => convert(&environment, file)?,
        ["pack", file] => pack(&environment, file),
        _ => println!("child_process [convert FILE | pack FILE]"),
    }
    telemetry.shutdown()?;
    Ok(())
}
