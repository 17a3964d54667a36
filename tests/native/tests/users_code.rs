//! Does anything of the program's fail a traced function?

#[path = "../../tests/users_code/table.rs"]
mod table;

use std::sync::mpsc;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use table::Panics;

#[derive(Debug)]
struct Names(mpsc::Sender<String>);

impl SpanExporter for Names {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        for span in batch {
            self.0.send(span.name.into_owned()).expect("a test");
        }
        Ok(())
    }
}

#[test]
fn nothing_of_the_programs_that_panics_fails_the_call() {
    let (sender, names) = mpsc::channel();
    let builder = otel_runtime::builder().custom_sampler(Panics).exporter(Names(sender));
    let telemetry = builder.init().expect("nothing is installed");

    assert_eq!(table::failed(), Vec::<&str>::new());

    telemetry.shutdown().expect("no span is lost");
    let names: Vec<String> = names.iter().collect();
    // A trace that begins while the sampler panics is not recorded; what it calls is asked about anew.
    assert!(!names.contains(&"sampler".to_owned()));
    assert!(names.contains(&"debug_of_an_erased_error".to_owned()), "{names:?}");
    let diagnosis = otel_runtime::doctor().to_string();
    assert!(diagnosis.contains("the sampler panicked over 1 spans"), "{diagnosis}");
}
