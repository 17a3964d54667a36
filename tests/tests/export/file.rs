//! Does a file get what a backend would get?

use std::path::PathBuf;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use otel_runtime::builder;
use otel_tests::program::{program, run};

use super::{end_spans, start};

/// A path of a test, whose file is gone with it.
struct Path(PathBuf);

impl Path {
    fn new(name: &str) -> Self {
        Path(std::env::temp_dir().join(format!("otel-tests-{name}-{}", std::process::id())))
    }

    fn read(&self) -> String {
        std::fs::read_to_string(&self.0).expect("a file")
    }
}

impl Drop for Path {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The names of the spans of each line.
fn names(text: &str) -> Vec<Vec<String>> {
    let spans = |line| {
        let request: ExportTraceServiceRequest = serde_json::from_str(line).expect("OTLP in JSON");
        let of_scopes = request.resource_spans.into_iter().flat_map(|it| {
            assert!(it.resource.is_some_and(|resource| !resource.attributes.is_empty()));
            it.scope_spans
        });
        of_scopes.flat_map(|it| it.spans).map(|span| span.name).collect()
    };
    assert!(text.ends_with('\n') || text.is_empty(), "{text}");
    text.lines().map(spans).collect()
}

#[test]
fn a_batch_is_a_line_and_what_is_there_stays() {
    let path = Path::new("lines.jsonl");
    let telemetry = start(builder().file(&path.0));
    assert_eq!(path.read(), "", "it is there from the start");
    end_spans(&telemetry, ["1", "a line\nbreak"]);
    assert_eq!(telemetry.flush().expect("written").exported, 2);
    assert_eq!(names(&path.read()), [["1", "a line\nbreak"]]);
    end_spans(&telemetry, ["3"]);
    drop(telemetry);

    let telemetry = start(builder().file(&path.0));
    end_spans(&telemetry, ["4"]);
    assert_eq!(telemetry.shutdown().expect("written").exported, 1);
    assert_eq!(names(&path.read()), [vec!["1", "a line\nbreak"], vec!["3"], vec!["4"]]);
    let [exporter] = &telemetry.exporters()[..] else { panic!("one") };
    assert_eq!(exporter.destination, path.0.to_string_lossy());
    let setting = telemetry.describe().get("file").expect("a line");
    assert_eq!(
        (setting.value.as_str(), setting.source.to_string().as_str()),
        (&*path.0.to_string_lossy(), "Builder::file")
    );
}

#[test]
fn a_path_that_cannot_be_opened_is_refused_with_all_that_was_started() {
    let path = std::env::temp_dir().join("there/is/no/such/directory.jsonl");
    let (exporter, batches) = otel_tests::exporters::Kept::new();
    let error = builder().exporter(exporter).file(&path).build().expect_err("refused").to_string();

    let said = format!(
        "Builder::file is {:?}: name a file that can be written, in a directory that is there (",
        path.display().to_string()
    );
    assert!(error.starts_with(&said), "{error}");
    assert_eq!(batches.recv().ok(), None, "the other exporter is gone");
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_is_told_of_once_and_counted() {
    let settings = Path::new("full.yaml");
    let text = "file_format: '1.1'
tracer_provider:
  processors:
    - batch: {exporter: {otlp_file/development: {output_stream: file:///dev/full}}}
";
    std::fs::write(&settings.0, text).expect("written");
    let (stdout, stderr) = run(program(env!("CARGO_BIN_EXE_program"))
        .arg("losses")
        .env("OTEL_CONFIG_FILE", &settings.0));

    let why = "last error: /dev/full: No space left on device (os error 28)";
    let lost = format!("1 of 1 spans were not delivered (export failed: 1); {why}");
    assert_eq!(stdout, format!("{lost}\n{lost}\n{lost}\nDelivery {{ exported: 0 }}\n"));
    assert_eq!(
        stderr.lines().collect::<Vec<_>>(),
        [
            format!(
                "otel-runtime: spans are being lost on the way to /dev/full (export failed: 1); \
                 {why}; more losses are only counted"
            ),
            format!(
                "otel-runtime: 3 of 3 spans were not delivered to /dev/full (export failed: 3); {why}"
            ),
        ]
    );
}

#[test]
fn stdout_is_named_in_the_environment() {
    let (stdout, stderr) = run(program(env!("CARGO_BIN_EXE_program"))
        .arg("dropped-guard")
        .env("OTEL_TRACES_EXPORTER", "otlp/stdout"));

    assert_eq!(names(&stdout), [["child", "root"]]);
    assert_eq!(stderr, "");
}
