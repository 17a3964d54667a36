//! Does the description show which settings hold and who set them, and hide secrets?

use std::time::Duration;

use crate::context::propagation::Propagator;
use crate::export::settings::{Compression, Protocol};
use crate::privacy::Mode;
use crate::process::stderr::LogLevel;
use crate::sampling::Sampler;
use crate::setup::config::{Builder, Description, Source, builder};
use crate::span::exceptions::ExceptionEvents;

#[track_caller]
fn described(builder: Builder) -> Description {
    builder.describe().expect("good settings")
}

/// A builder with every setting set by code.
fn all_in_code() -> Builder {
    let second = Duration::from_secs(1);
    builder()
        .service_name("shop")
        .resource_attribute("team", "red")
        .sampler(Sampler::TraceIdRatio(0.25))
        .filter("warn")
        .exception_events(ExceptionEvents::EverySpan)
        .propagators([Propagator::Baggage])
        .log_level(LogLevel::Off)
        .shutdown_timeout(second)
        .otlp()
        .traces_endpoint("https://h/in?key=secret")
        .protocol(Protocol::HttpProtobuf)
        .timeout(second)
        .header("x-api-key", "secret")
        .compression(Compression::Gzip)
        .max_queue_size(21)
        .max_queue_bytes(100_000)
        .max_export_batch_size(20)
        .schedule_delay(second)
        .export_timeout(second)
        .attribute_value_length_limit(30)
        .attribute_count_limit(31)
        .event_count_limit(32)
        .link_count_limit(33)
        .event_attribute_count_limit(34)
        .link_attribute_count_limit(35)
        .privacy(Mode::Personal)
}

#[test]
fn every_setting_has_a_line_that_names_its_setter() {
    let described = described(all_in_code());

    for setting in described.settings() {
        let name = setting.name.split(' ').next().unwrap_or_default();
        let setter = match name {
            "disabled" => continue,
            "resource_attribute" => "Builder::resource_attributes",
            "exporter" => "Builder::otlp",
            "endpoint" => "Builder::traces_endpoint",
            name => &format!("Builder::{name}"),
        };
        assert_eq!(setting.source.to_string(), setter, "{setting:?}");
    }
    assert_eq!(described.settings().len(), 27);
    let text = described.to_string();
    assert!(!text.contains("secret"), "{text}");
    assert_eq!(described.get("header x-api-key").expect("a line").value, "(hidden)");
    assert_eq!(described.get("endpoint").expect("a line").value, "https://h/in?(hidden)");
}

#[test]
fn the_table_is_aligned_and_tells_variables_from_defaults() {
    let described = described(builder().environment([
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://h:1"),
        ("OTEL_RESOURCE_ATTRIBUTES", "service.name=shop,team=red,team=blue"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
    ]));

    let expected = "\
disabled                      false                  default
log_level                     info                   default
shutdown_timeout              5s                     default
propagators                   tracecontext,baggage   default
service_name                  shop                   OTEL_RESOURCE_ATTRIBUTES
resource_attribute team       blue                   OTEL_RESOURCE_ATTRIBUTES
sampler                       parentbased_always_on  default
filter                        info                   default
exception_events              once                   default
exporter                      otlp                   OTEL_EXPORTER_OTLP_ENDPOINT
endpoint                      http://h:1/v1/traces   OTEL_EXPORTER_OTLP_ENDPOINT
protocol                      http/protobuf          default
timeout                       10s                    default
compression                   none                   default
max_queue_size                100                    OTEL_BSP_MAX_QUEUE_SIZE
max_queue_bytes               16777216               default
max_export_batch_size         100                    default
schedule_delay                5s                     default
export_timeout                30s                    default
attribute_value_length_limit  none                   default
attribute_count_limit         128                    default
event_count_limit             128                    default
link_count_limit              128                    default
event_attribute_count_limit   128                    default
link_attribute_count_limit    128                    default
privacy                       secrets                default";
    assert_eq!(described.to_string(), expected);
}

#[test]
fn a_value_of_any_length_and_form_is_a_line_of_the_table() {
    let long = "ü".repeat(200_000);
    let described = described(
        builder()
            .service_name("shop\n\x1b[31mforged  line\u{85}")
            .resource_attribute(long.clone(), "a\r\nb")
            .resource_attribute("long", long.clone())
            .file(long.clone())
            .environment([("OTEL_TRACED_FILTER", format!("{}=off", "a::".repeat(50_000) + "a"))]),
    );

    let text = described.to_string();
    assert_eq!(text.lines().count(), described.settings().len(), "{text}");
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text}");
    assert!(text.lines().all(|line| line.chars().count() < 700), "{text}");
    assert!(text.contains(r"shop\n\u{1b}[31mforged  line\u{85}"), "{text}");
    // So long a text is not looked at for secrets as a whole, and nothing is shown that was not.
    assert_eq!(described.get("resource_attribute long").expect("a line").value, "…");
}

#[test]
fn each_of_several_exporters_has_its_lines() {
    let described = described(builder().environment([
        ("OTEL_TRACES_EXPORTER", "otlp,console"),
        ("OTEL_BSP_SCHEDULE_DELAY", "10"),
    ]));

    let lines: Vec<_> = described
        .settings()
        .iter()
        .filter(|setting| ["exporter", "endpoint", "schedule_delay"].contains(&&*setting.name))
        .map(|setting| (setting.name.as_str(), setting.value.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            ("exporter", "otlp"),
            ("endpoint", "http://localhost:4318/v1/traces"),
            ("schedule_delay", "10ms"),
            ("exporter", "console"),
            ("schedule_delay", "10ms"),
        ]
    );
    assert_eq!(described.get("exporter").expect("a line").value, "otlp", "the first one's");
}

#[test]
fn what_is_disabled_has_little_to_describe() {
    let described = described(builder().environment([("OTEL_SDK_DISABLED", "true")]));

    let disabled = described.get("disabled").expect("a line");
    assert_eq!(disabled.value, "true");
    assert_eq!(disabled.source, Source::Variable("OTEL_SDK_DISABLED"));
    assert_eq!(described.settings().len(), 3);
    assert_eq!(described.get("sampler"), None);
}

#[cfg(feature = "config-file")]
#[test]
fn a_file_is_named_with_its_key() {
    let path = std::env::temp_dir().join(format!("otel-runtime-{}-d.yaml", std::process::id()));
    let text = "file_format: '1.1'
tracer_provider:
  processors: [batch: {max_queue_size: 600, exporter: {otlp_http: {headers_list: 'a=secret'}}}]
  sampler: {parent_based: {remote_parent_sampled: {always_off: }}}
";
    std::fs::write(&path, text).expect("a temporary file");
    let name = path.to_string_lossy().into_owned();
    let described = described(builder().schedule_delay(Duration::from_secs(1)).config_file(&name));
    std::fs::remove_file(&path).expect("it is still there");

    let of = |name| {
        let setting = described.get(name).expect("a line");
        (setting.value.clone(), setting.source.to_string())
    };
    let batch = "tracer_provider.processors[0].batch";
    let at = |key: &str| format!("{name}: {key}");
    assert_eq!(of("max_queue_size"), ("600".into(), at(&format!("{batch}.max_queue_size"))));
    assert_eq!(of("schedule_delay"), ("1s".into(), "Builder::schedule_delay".into()));
    assert_eq!(
        of("sampler"),
        ("parent(always_on, remote_sampled=always_off)".into(), at("tracer_provider.sampler"))
    );
    assert_eq!(of("propagators"), ("none".into(), at("propagator")));
    let exporter = format!("{batch}.exporter.otlp_http");
    assert_eq!(of("exporter"), ("otlp".into(), at(&exporter)));
    assert_eq!(of("header a"), ("(hidden)".into(), at(&format!("{exporter}.headers_list"))));
    assert_eq!(of("endpoint").1, "default");
}

#[test]
fn a_secret_in_an_attribute_of_the_resource_is_not_shown_whatever_leaves() {
    for mode in [Mode::Off, Mode::Secrets] {
        let described = described(
            builder()
                .privacy(mode)
                .resource_attribute("team", "red")
                .resource_attribute("db.password", "hunter2-canary"),
        );

        assert_eq!(described.get("resource_attribute team").expect("it is set").value, "red");
        let hidden = described.get("resource_attribute db.password").expect("it is set");
        assert_eq!(hidden.value, "[credential]");
        assert!(!format!("{described} {described:?}").contains("canary"), "{described}");
    }
}
