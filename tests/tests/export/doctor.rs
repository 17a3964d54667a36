//! Is what keeps spans from arriving found, and told in plain words?

use std::process::Command;

use otel_tests::program::{program, run};
use otel_tests::receiver::{Receiver, Silent, absent};

/// What the doctor says of a program, in one of its forms.
fn diagnosis(form: &str, variables: &[(&str, &str)]) -> String {
    let mut command: Command = program(env!("CARGO_BIN_EXE_program"));
    // One that has a name, unless the test says otherwise.
    command.env("OTEL_SERVICE_NAME", "shop");
    let (stdout, _) = run(command.arg(form).envs(variables.iter().copied()));
    stdout.trim_end().to_owned()
}

const HEALTHY: &str = "nothing is wrong, as far as can be seen from here";

#[test]
fn nothing_is_installed() {
    assert_eq!(
        diagnosis("doctor-before", &[]),
        "nothing makes spans: call `otel_runtime::init()` in `main` and keep what it returns"
    );
    let adopted = diagnosis("doctor-adopted", &[]);
    let (first, note) = adopted.split_once('\n').expect("a note");
    assert_eq!(first, HEALTHY);
    assert!(note.starts_with("note: under `adopt`, secrets are taken out of spans if "), "{note}");
}

#[test]
fn settings_keep_spans_away() {
    for (variables, expected) in [
        (
            [("OTEL_SDK_DISABLED", "true")].as_slice(),
            "tracing is disabled (OTEL_SDK_DISABLED): take that away",
        ),
        (
            &[("OTEL_TRACES_EXPORTER", "none")],
            "spans go nowhere (OTEL_TRACES_EXPORTER): choose an exporter, such as \
             OTEL_TRACES_EXPORTER=otlp",
        ),
        (
            &[
                ("OTEL_TRACES_SAMPLER", "always_off"),
                ("OTEL_TRACED_FILTER", "off,shop=off"),
                ("OTEL_TRACES_EXPORTER", "console"),
            ],
            "no trace is recorded: the sampler is always_off (OTEL_TRACES_SAMPLER); choose another, \
             such as parentbased_always_on\n\
             no annotated function has spans: the filter is off; set another, such as \
             OTEL_TRACED_FILTER=info",
        ),
        (&[("OTEL_TRACED_FILTER", "off,shop=info")], HEALTHY),
    ] {
        assert_eq!(diagnosis("doctor", variables), expected);
    }
}

#[test]
fn a_backend_that_takes_requests_gets_one_without_spans() {
    for (protocol, backend) in otel_tests::receiver::backends() {
        let endpoint = backend.endpoint();
        let variables = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", &protocol.to_string()),
        ];

        assert_eq!(diagnosis("doctor", &variables), HEALTHY, "{protocol}");
        assert_eq!(backend.request().spans().count(), 0, "{protocol}");
        assert!(backend.is_idle(), "{protocol}");
    }
}

#[test]
fn a_backend_is_not_there_or_does_not_take_requests() {
    const IS_IT_THERE: &str = "; is a backend there, and is it OTLP?";

    let refused = absent();
    let secretive = Receiver::http_answering([401]);
    let other = Receiver::grpc();
    let silent = Silent::new();
    for (endpoint, why, asks) in [
        (refused, "Connection refused", true),
        (secretive.endpoint(), "401", false),
        (other.endpoint(), "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", false),
        (silent.endpoint(), "no answer within 300ms", true),
    ] {
        let told = diagnosis("doctor", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]);
        let begin = format!("{endpoint}/v1/traces (http/protobuf) does not take spans: ");
        assert!(told.starts_with(&begin), "{told}");
        assert!(told.contains(why), "{told}");
        assert_eq!(told.ends_with(IS_IT_THERE), asks, "{told}");
        assert!(!told.contains('\n'), "{told}");
    }
    let endpoint = absent();
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
    ];
    let told = diagnosis("doctor", &variables);
    assert!(told.starts_with(&format!("{endpoint} (grpc) does not take spans: ")), "{told}");
}

#[test]
fn a_service_without_a_name_is_hard_to_find() {
    let backend = Receiver::http();
    let endpoint = backend.endpoint();
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), ("OTEL_SERVICE_NAME", "")];
    assert_eq!(
        diagnosis("doctor", &variables),
        "the service has no name, and is hard to find in a backend: set OTEL_SERVICE_NAME"
    );
    let named = [("OTEL_RESOURCE_ATTRIBUTES", "service.name=shop")];
    assert_eq!(diagnosis("doctor", &[&variables[..], &named].concat()), HEALTHY);
    // In a terminal it is the only one.
    let variables = [("OTEL_TRACES_EXPORTER", "console"), ("OTEL_SERVICE_NAME", "")];
    assert_eq!(diagnosis("doctor", &variables), HEALTHY);
}

#[test]
fn backends_of_a_file_are_all_asked_at_once() {
    let silent = [Silent::new(), Silent::new()];
    let path = std::env::temp_dir().join(format!("otel-tests-doctor-{}.yaml", std::process::id()));
    let [one, other] = silent.each_ref().map(Silent::endpoint);
    let text = format!(
        "file_format: '1.1'
resource: {{attributes: [{{name: service.name, value: shop}}]}}
tracer_provider:
  processors:
    - batch: {{exporter: {{otlp_http: {{endpoint: '{one}/v1/traces'}}}}}}
    - batch: {{exporter: {{otlp_http: {{endpoint: '{other}/v1/traces'}}}}}}
"
    );
    std::fs::write(&path, text).expect("a temporary file");
    let told = diagnosis("doctor", &[("OTEL_CONFIG_FILE", &path.to_string_lossy())]);
    std::fs::remove_file(&path).expect("it is still there");

    let late = |endpoint| {
        format!(
            "{endpoint}/v1/traces (http/protobuf) does not take spans: no answer within 300ms; is a \
             backend there, and is it OTLP?"
        )
    };
    assert_eq!(told, format!("{}\n{}", late(one), late(other)));
}

#[test]
fn spans_were_lost_already() {
    let backend = Receiver::http_answering([400]);
    let endpoint = backend.endpoint();

    assert_eq!(
        diagnosis("doctor-losses", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]),
        format!("1 of 1 spans were lost so far on the way to {endpoint} (export failed: 1)")
    );
}

#[test]
fn somebody_else_has_the_global_provider_and_sees_no_probe() {
    let told = diagnosis("doctor-replaced", &[("OTEL_TRACES_EXPORTER", "console")]);

    assert_eq!(
        told,
        "spans of other libraries go elsewhere, since another provider was made OpenTelemetry's \
         global one: call `set_tracer_provider` nowhere, or before `init`\n\
         spans of the other provider: 0"
    );
}
