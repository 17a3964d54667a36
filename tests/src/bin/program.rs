//! A program with tracing, for tests that need a process of their own. Its argument says which.

use std::error::Error;
use std::time::Duration;

use opentelemetry::global;
use opentelemetry::trace::{TraceContextExt, Tracer};
use otel_runtime::testing::{Capture, capture};
use otel_runtime::{
    Delivery, ShutdownError, Telemetry, doctor, doctor_within, filter, init, traced,
};

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("one-trace") => one_trace(&init()?),
        Some("dropped-guard") => {
            let telemetry = init()?;
            one_trace(&telemetry);
            drop(telemetry);
        }
        Some("twice") => twice()?,
        Some("failed-first") => failed_first()?,
        Some("unbuilt-first") => unbuilt_first()?,
        Some("losses") => losses()?,
        Some("adopted-before") => adopted_before()?,
        Some("many") => {
            let telemetry = init()?;
            many(|| telemetry.shutdown());
        }
        // Ends before it is told that nothing gets through.
        Some("many-in-a-hurry") => {
            let telemetry = init()?;
            many(|| telemetry.shutdown_within(Duration::from_millis(500)));
        }
        Some("header-from-code") => {
            let telemetry = otel_runtime::builder().header("x-who", "code").init()?;
            one_trace(&telemetry);
            telemetry.shutdown()?;
        }
        Some("prompt") => {
            // Ends only when stdin does: what is drawn before is drawn without a flush.
            let telemetry = init()?;
            one_trace(&telemetry);
            std::io::stdin().lines().for_each(drop);
            telemetry.shutdown()?;
        }
        Some("described") => {
            println!("before: {:?}", otel_runtime::describe());
            let telemetry = init()?;
            let description = otel_runtime::describe().ok_or("nothing is installed")?;
            assert_eq!(&description, telemetry.describe());
            drop(telemetry);
            println!("{description}");
        }
        Some("skipped") => {
            let telemetry = init()?;
            fit(7, "ada", 38, "a-1");
            println!("{}", otel_runtime::describe().ok_or("nothing is installed")?);
            telemetry.shutdown()?;
        }
        Some("orphans") => {
            let telemetry = init()?;
            orphans()?;
            telemetry.shutdown()?;
        }
        Some("doctor-before") => println!("{}", doctor()),
        Some("doctor-adopted") => {
            otel_runtime::adopt(opentelemetry_sdk::trace::SdkTracerProvider::builder().build())?;
            println!("{}", doctor());
        }
        Some("doctor") => {
            let _telemetry = init()?;
            println!("{}", doctor_within(Duration::from_millis(300)));
        }
        Some("doctor-losses") => {
            let telemetry = init()?;
            global::tracer("program").in_span("span", |_| ());
            telemetry.flush().expect_err("refused");
            println!("{}", doctor());
        }
        Some("doctor-replaced") => doctor_replaced()?,
        Some("propagation") => propagation()?,
        Some("adopted-min-duration") => {
            otel_runtime::adopt(opentelemetry_sdk::trace::SdkTracerProvider::builder().build())?;
            min_duration();
        }
        Some("min-duration") => {
            let telemetry = init()?;
            min_duration();
            telemetry.shutdown()?;
        }
        Some("filtered") => filtered()?,
        Some("captured") => captured(),
        Some("captured-after-init") => {
            let _telemetry = otel_runtime::builder().no_exporter().init()?;
            captured();
        }
        Some("captured-after-adopt") => {
            otel_runtime::adopt(opentelemetry_sdk::trace::SdkTracerProvider::builder().build())?;
            captured();
        }
        Some("captured-before-init") => {
            captured();
            println!("{}", init().expect_err("refused"));
        }
        Some("captured-and-panicked") => {
            let _capture = Capture::start();
            global::tracer("program").in_span("done", |_| ());
            panic!("that is it");
        }
        Some(form) => last_spans(form)?,
        None => return Err("say which program".into()),
    }
    Ok(())
}

/// What becomes of the last spans, however it ends.
fn last_spans(form: &str) -> Result<(), Box<dyn Error>> {
    match form {
        "guard-in-no-variable" => {
            let _ = init()?;
            fit(1, "", 0, "");
            fit(2, "", 0, "");
        }
        "annotated-main" => annotated_main()?,
        "exits" => {
            let telemetry = init()?;
            fit(1, "", 0, "");
            telemetry.exit(3);
        }
        "signalled" | "signalled-in-haste" => {
            let time = if form == "signalled" { 5000 } else { 50 };
            let time = Duration::from_millis(time);
            let telemetry = otel_runtime::builder().shutdown_timeout(time).init()?;
            telemetry.flush_on_signals()?;
            telemetry.flush_on_signals()?;
            fit(1, "", 0, "");
            println!("ready");
            std::io::stdin().lines().for_each(drop);
        }
        other => return Err(format!("no such program: {other:?}").into()),
    }
    Ok(())
}

/// A root and a child, by the global tracer.
fn one_trace(_: &Telemetry) {
    let tracer = global::tracer("program");
    tracer.in_span("root", |_| tracer.in_span("child", |_| ()));
}

/// What a capture gets of a trace and of spans that it has not to do with.
fn captured() {
    let tracer = global::tracer("program");
    tracer.in_span("before", |_| ());
    let ((), spans) = capture(|| global::tracer("program").in_span("root", |_| ()));
    println!("{spans}");
}

/// As many spans as make several batches, and what became of them.
fn many(shutdown: impl FnOnce() -> Result<Delivery, ShutdownError>) {
    let tracer = global::tracer("many");
    for _ in 0..100 {
        tracer.in_span("span", |_| ());
    }
    match shutdown() {
        Ok(delivery) => println!("delivered {}", delivery.exported),
        Err(error) => println!("{error}"),
    }
}

fn twice() -> Result<(), Box<dyn Error>> {
    let first = init()?;
    match init() {
        Ok(_) => println!("second: started"),
        Err(error) => println!("second: {error} ({})", error.is_already_initialised()),
    }
    println!("export threads: {}", export_threads());
    one_trace(&first);
    println!("first delivered: {}", first.shutdown()?.exported);
    println!("export threads: {}", export_threads());
    Ok(())
}

/// A bad setting, then a good one: the failure left nothing behind that would be in the way.
fn failed_first() -> Result<(), Box<dyn Error>> {
    let bad = otel_runtime::builder()
        .environment([("OTEL_BSP_SCHEDULE_DELAY", "-1"), ("OTEL_TRACES_EXPORTER", "none")]);
    println!("bad: {}", bad.init().expect_err("refused"));
    println!("recorded: {}", is_recorded());
    println!("propagated: {:?}", propagated());
    println!("export threads: {}", export_threads());
    let telemetry = init()?;
    println!("recorded: {}", is_recorded());
    telemetry.shutdown()?;
    Ok(())
}

/// An exporter that cannot be built, then none: the failure left nothing behind either.
fn unbuilt_first() -> Result<(), Box<dyn Error>> {
    println!("unbuilt: {}", init().expect_err("refused"));
    println!("export threads: {}", export_threads());
    let telemetry = otel_runtime::builder().no_exporter().init()?;
    println!("recorded: {}", is_recorded());
    telemetry.shutdown()?;
    Ok(())
}

/// Three spans, each of them given the chance to be lost.
fn losses() -> Result<(), Box<dyn Error>> {
    let telemetry = init()?;
    for _ in 0..3 {
        global::tracer("losses").in_span("span", |_| ());
        if let Err(error) = telemetry.flush() {
            println!("{error}");
        }
    }
    // All of it was told.
    println!("{:?}", telemetry.shutdown()?);
    Ok(())
}

fn adopted_before() -> Result<(), Box<dyn Error>> {
    let own = opentelemetry_sdk::trace::SdkTracerProvider::builder().build();
    otel_runtime::adopt(own)?;
    println!("init: {}", init().expect_err("refused"));
    println!("recorded: {}", is_recorded());
    println!("propagated: {:?}", propagated());
    println!("export threads: {}", export_threads());
    Ok(())
}

fn propagation() -> Result<(), Box<dyn Error>> {
    let telemetry = init()?;
    println!("recorded: {}", is_recorded());
    println!("propagated: {:?}", propagated());
    println!("{:?}", telemetry.shutdown()?);
    Ok(())
}

/// Which annotated functions have spans, before and after there is a filter.
fn filtered() -> Result<(), Box<dyn Error>> {
    println!("before: {:?}", parts::traced());
    let bad = otel_runtime::builder().filter("off,parts=loud").no_exporter();
    println!("bad: {}", bad.init().expect_err("refused"));
    drop(otel_runtime::builder().filter("off").no_exporter().build()?);
    println!("not installed: {}", filter::current());
    let telemetry = init()?;
    println!("{}: {:?}", filter::current(), parts::traced());
    filter::set("warn".parse()?);
    println!("{}: {:?}", filter::current(), parts::traced());
    telemetry.shutdown()?;
    Ok(())
}

/// Three spans that are shorter than they should be.
fn min_duration() {
    #[traced(min_duration = "10s")]
    fn first() {}
    #[traced(min_duration = "10s")]
    fn second() {}
    first();
    first();
    second();
}

/// Whether the doctor finds that another provider took the place of ours, without a span of it.
fn doctor_replaced() -> Result<(), Box<dyn Error>> {
    let _telemetry = init()?;
    let (exporter, batches) = otel_tests::exporters::Kept::new();
    let other = opentelemetry_sdk::trace::SdkTracerProvider::builder()
        .with_simple_exporter(exporter)
        .build();
    global::set_tracer_provider(other);
    println!("{}", doctor());
    println!("spans of the other provider: {}", batches.try_iter().count());
    Ok(())
}

mod parts {
    use opentelemetry::Context;
    use opentelemetry::trace::TraceContextExt;
    use otel_runtime::traced;

    fn is_traced() -> bool {
        Context::current().span().span_context().is_valid()
    }

    #[traced(level = warn)]
    fn warn() -> bool {
        is_traced()
    }

    #[traced]
    fn info() -> bool {
        is_traced()
    }

    #[traced(level = debug)]
    fn debug() -> bool {
        is_traced()
    }

    mod quiet {
        #[otel_runtime::traced(level = error)]
        pub(super) fn error() -> bool {
            super::is_traced()
        }
    }

    /// The names of those that have a span.
    pub(super) fn traced() -> Vec<&'static str> {
        let calls =
            [("quiet", quiet::error()), ("warn", warn()), ("info", info()), ("debug", debug())];
        calls.into_iter().filter(|(_, traced)| *traced).map(|(name, _)| name).collect()
    }
}

/// Whether the global tracer's spans are recorded.
fn is_recorded() -> bool {
    global::tracer("program").in_span("probe", |context| context.span().is_recording())
}

/// The headers that the global propagator knows.
fn propagated() -> Vec<String> {
    let mut fields: Vec<String> = global::get_text_map_propagator(|propagator| {
        propagator.fields().map(str::to_owned).collect()
    });
    fields.sort();
    fields
}

/// How many export threads this process has.
fn export_threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, |tasks| {
        tasks
            .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok())
            .filter(|name| name.trim() == "otel-export")
            .count()
    })
}

/// `build.rs` adds `shoe size` and `legal_ref` to the names of personal data.
#[traced(skip_pii, attrs(order_id, login, shoeSize = shoe_size, contract.legal_ref = legal))]
fn fit(order_id: u64, login: &str, shoe_size: u8, legal: &str) {
    let _ = (order_id, login, shoe_size, legal);
}

#[traced]
fn annotated_main() -> Result<(), Box<dyn Error>> {
    not_wanted();
    before_init();
    let telemetry = init()?;
    fit(1, "", 0, "");
    telemetry.shutdown()?;
    Ok(())
}

#[traced]
fn before_init() {}

#[traced(level = trace)]
fn not_wanted() {}

#[traced]
fn part_of_a_request() {}

#[traced]
fn request_that_loses_its_parts() -> std::thread::Result<()> {
    use std::thread;

    part_of_a_request();
    thread::spawn(part_of_a_request).join()
}

fn orphans() -> Result<(), Box<dyn Error>> {
    for _ in 0..2 {
        request_that_loses_its_parts().map_err(|_| "no panic")?;
    }
    Ok(())
}
