//! Calls functions, and says which of the calls are sampled.
//!
//! `interop/run` has others sample behind it, and say what it is to sample. Each line of its standard input is a
//! call: a function's name, and if somebody calls it, a `traceparent` and a `tracestate`, with spaces between them.
//! For each it prints the two that the function would send to others.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;

use otel_runtime::{context, traced};

type Headers = HashMap<String, String>;

fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = otel_runtime::init()?;
    for line in std::io::stdin().lines() {
        let line = line?;
        let mut words = line.split(' ').map(str::to_owned);
        let function = words.next().unwrap_or_default();
        let caller = ["traceparent", "tracestate"].map(str::to_owned).into_iter().zip(words);
        let sent = call(&function, &caller.collect())?;
        let header = |name| sent.get(name).map_or("", String::as_str);
        println!("{} {}", header("traceparent"), header("tracestate"));
    }
    telemetry.shutdown()?;
    Ok(())
}

fn call(function: &str, caller: &Headers) -> Result<Headers, Box<dyn Error>> {
    match function {
        "checkout" => Ok(checkout(caller)),
        "browse" => Ok(browse(caller)),
        "refuse" => Ok(refuse(caller).map_or_else(|Refused(sent)| sent, |()| Headers::new())),
        _ => Err(format!("there is no function {function:?}").into()),
    }
}

#[traced(parent(extract = caller))]
fn checkout(caller: &Headers) -> Headers {
    pay();
    sent()
}

#[traced]
fn pay() {}

#[traced(parent(extract = caller))]
fn browse(caller: &Headers) -> Headers {
    sent()
}

#[traced(parent(extract = caller))]
fn refuse(caller: &Headers) -> Result<(), Refused> {
    Err(Refused(sent()))
}

/// With what the refusing function would send to others.
#[derive(Debug)]
struct Refused(Headers);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl Error for Refused {}

fn sent() -> Headers {
    let mut headers = Headers::new();
    context::inject(&mut headers);
    headers
}
