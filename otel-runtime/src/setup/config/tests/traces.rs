//! Do the variables about traces in general mean what they say?

use std::time::Duration;

use opentelemetry::trace::{SpanKind, TraceId};
use opentelemetry_sdk::trace::{SamplingDecision, ShouldSample};

use super::{ALL, config, only, refused, tracing};
use crate::context::propagation::Propagator;
#[cfg(feature = "tower")]
use crate::context::{Hosts, Outbound};
use crate::export::settings::Output;
use crate::process::stderr::LogLevel;
use crate::sampling::{AlwaysOn, Head, ParentThreshold, Ratio, Rule, RuleBased, Sampler};
use crate::setup::config::{Builder, Destination, HttpMethods, Limits, Preset, Tracing, builder};
use crate::span::exceptions::ExceptionEvents;

#[test]
fn the_service_name_of_its_own_variable_beats_the_attribute() {
    let attributes = ("OTEL_RESOURCE_ATTRIBUTES", "service.name=attribute,team=a%2Cb");

    let both = tracing(&[attributes, ("OTEL_SERVICE_NAME", " variable ")]);
    assert_eq!(both.service_name.as_deref(), Some("variable"));
    assert_eq!(both.resource, [opentelemetry::KeyValue::new("team", "a,b")]);

    assert_eq!(tracing(&[attributes]).service_name.as_deref(), Some("attribute"));
}

#[test]
fn malformed_resource_attributes_are_refused() {
    for value in ["team", "=a", "team=%zz", "team=%ff"] {
        refused("OTEL_RESOURCE_ATTRIBUTES", value);
    }
}

#[test]
fn propagators() {
    let of = |value| config(&[("OTEL_PROPAGATORS", value)]).expect("good").propagators;

    assert_eq!(
        of("baggage, TraceContext,baggage"),
        [Propagator::Baggage, Propagator::TraceContext]
    );
    assert_eq!(of("none"), []);
}

#[test]
fn filters() {
    let filter = tracing(&[("OTEL_TRACED_FILTER", "WARN, shop::db = debug,")]).filter;
    assert_eq!(filter, "warn,shop::db=debug".parse().ok());

    let message = refused("OTEL_TRACED_FILTER", "info,shop::db=loud");
    assert_eq!(
        message,
        "OTEL_TRACED_FILTER is \"info,shop::db=loud\": in \"shop::db=loud\" write one of off, error, \
         warn, info, debug, trace behind the equals sign",
    );
    for value in
        ["shop::db", "shop::=info", "my-shop=info", "<shop::Cart as shop::Store>::load=off"]
    {
        refused("OTEL_TRACED_FILTER", value);
    }
}

#[test]
fn exception_events() {
    let of = |value| tracing(&[("OTEL_TRACED_EXCEPTION_EVENTS", value)]).exception_events;
    assert_eq!(of(""), ExceptionEvents::Once);
    assert_eq!(of("once"), ExceptionEvents::Once);
    assert_eq!(of("Every_Span"), ExceptionEvents::EverySpan);
    assert_eq!(of("twice"), ExceptionEvents::Once);
}

#[test]
fn known_http_methods() {
    let variable = "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS";
    let of = |value| config(&[(variable, value)]).expect("it stops no program");
    let methods = |value| of(value).tracing.expect("enabled").http_methods;

    if cfg!(feature = "tower") {
        let both = Some(["GET", "PROPFIND"].map(String::from).to_vec());
        let expected = HttpMethods { client: both.clone(), server: both };
        assert_eq!(methods("GET, PROPFIND,"), expected);
    } else {
        assert_eq!(methods("GET"), HttpMethods::default());
        assert_eq!(of("GET").description.warnings().len(), 1);
    }
    assert_eq!(methods("GET,no method"), HttpMethods::default());
    assert_eq!(of("GET,no method").description.warnings().len(), 1);
}

#[test]
fn baggage_attributes() {
    let of = |value| tracing(&[("OTEL_TRACED_BAGGAGE_ATTRIBUTES", value)]).baggage_attributes;
    assert_eq!(of(""), None);
    assert_eq!(of(" , "), None);
    let keys = of("tenant.id, shop.*,,tenant.id").expect("some");
    assert_eq!(keys.to_string(), "tenant.id,shop.*");
    for value in ["*", "tenant*", "a b", "tenant.id,.*"] {
        let message = refused("OTEL_TRACED_BAGGAGE_ATTRIBUTES", value);
        assert!(message.contains("tenant.id,shop.*"), "{message}");
    }
}

#[test]
fn what_a_ratio_means() {
    let of = |ratio, sampler| {
        let variables = [
            ("OTEL_TRACED_RATIO", ratio),
            ("OTEL_TRACES_SAMPLER", sampler),
            ("OTEL_TRACES_SAMPLER_ARG", "0.25"),
        ];
        let Tracing { sampler, shares, .. } = tracing(&variables);
        // It has the highest of all random values: by the specification's probability it is kept first,
        // by the rule of the SDKs last.
        let trace = TraceId::from(u128::MAX);
        let told = sampler.build().should_sample(None, trace, "", &SpanKind::Internal, &[], &[]);
        (told.decision == SamplingDecision::RecordAndSample, told.trace_state.header(), shares)
    };

    for sampler in ["traceidratio", "parentbased_traceidratio"] {
        let by_id = (false, String::new(), Some(Ratio::TraceId));
        assert_eq!(of("", sampler), by_id, "{sampler}");
        assert_eq!(of("trace_id", sampler), by_id, "{sampler}");
        let by_probability = (true, "ot=th:c".to_owned(), Some(Ratio::Probability));
        assert_eq!(of("Probability", sampler), by_probability, "{sampler}");
    }
    refused("OTEL_TRACED_RATIO", "0.5");
}

/// The sampler, as `describe()` shows it, with the setting that chose it.
fn sampler(builder: Builder, variables: &[(&str, &str)]) -> (String, String) {
    let described = builder.environment(variables.iter().copied()).describe().expect("good");
    let sampler = described.get("sampler").expect("a line");
    (sampler.value.clone(), sampler.source.to_string())
}

const OWN: (&str, &str) =
    ("OTEL_TRACED_SAMPLER", "parent(rules(route=/healthz => off; else => rate 10))");
const PRESET: (&str, &str) = ("OTEL_TRACED_PRESET", "Production");
const STANDARD: (&str, &str) = ("OTEL_TRACES_SAMPLER", "always_off");

#[test]
fn ours_beats_the_specifications_and_a_sampler_beats_a_preset() {
    let rules = "parent(rules(http.route=/healthz => always_off; else => rate 10))";
    for (variables, shown, from) in [
        (&[STANDARD, PRESET, OWN][..], rules, OWN.0),
        (&[PRESET, OWN], rules, OWN.0),
        (&[STANDARD, PRESET], "parentbased_traceidratio 0.1", PRESET.0),
        (&[PRESET], "parentbased_traceidratio 0.1", PRESET.0),
        (&[STANDARD], "always_off", STANDARD.0),
        (&[("OTEL_TRACED_PRESET", "development")], "parentbased_always_on", PRESET.0),
    ] {
        assert_eq!(sampler(builder(), variables), (shown.to_owned(), from.to_owned()));
    }
    let told = config(&[STANDARD, OWN]).expect("good").description;
    let [warning] = told.warnings() else { panic!("one: {told}") };
    assert!(
        warning.to_string().contains("OTEL_TRACED_SAMPLER says which sampler it is"),
        "{warning}"
    );
}

#[test]
fn code_beats_every_variable_about_sampling() {
    let all = &[STANDARD, PRESET, OWN][..];
    let shown = |builder| sampler(builder, all);

    assert_eq!(
        shown(builder().production()),
        ("parentbased_traceidratio 0.1".into(), "Builder::preset".into())
    );
    assert_eq!(shown(builder().development()).0, "parentbased_always_on");
    assert_eq!(shown(builder().policy("rate 1")), ("rate 1".into(), "Builder::policy".into()));
    let both = builder().sampler(Sampler::AlwaysOn).preset(Preset::Production);
    assert_eq!(shown(both), ("always_on".into(), "Builder::sampler".into()), "a sampler says more");
}

#[test]
fn a_sampler_that_is_no_text_of_one_is_refused_with_its_place() {
    let message = refused("OTEL_TRACED_SAMPLER", "parent(rat 10)");
    assert!(
        message.contains("at character 8, there is no sampler rat: did you mean rate?"),
        "{message}"
    );
    refused("OTEL_TRACED_SAMPLER", "ratio 1.5");
    refused("OTEL_TRACED_PRESET", "staging");
    let error =
        builder().policy("rate 0").environment([("", ""); 0]).describe().expect_err("refused");
    assert!(
        error.to_string().starts_with("Builder::policy is \"rate 0\": at character 6, "),
        "{error}"
    );
}

#[test]
fn a_rule_on_what_is_known_later_is_told_at_the_start() {
    let text = "parent(rules(http.response.status_code=5* => on; route=/a => off; else => on))";
    let told = config(&[("OTEL_TRACED_SAMPLER", text)]).expect("a warning").description;
    let [warning] = told.warnings() else { panic!("one: {told}") };
    let warning = warning.to_string();
    assert!(warning.contains("http.response.status_code=5* => always_on"), "{warning}");
    assert!(warning.contains("this rule never matches"), "{warning}");

    let rule = Rule::new(AlwaysOn).attribute("error.type", "timeout");
    let rules = RuleBased::new([rule]).expect("a rule");
    let told = builder().sampler(ParentThreshold::new(rules)).environment([("", ""); 0]).describe();
    let told = told.expect("a warning");
    assert!(told.warnings().iter().any(|it| it.to_string().contains("error.type")), "{told}");
}

#[test]
fn a_sampler_that_asks_a_server_has_its_settings_in_the_argument() {
    let of = |name, argument| {
        sampler(builder(), &[("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", argument)])
            .0
    };

    assert_eq!(
        of("jaeger_remote", ""),
        "jaeger_remote(endpoint=http://localhost:5778/sampling, interval=60s, initial=traceidratio 0.001)"
    );
    let argument = "endpoint=http://jaeger:5778,pollingIntervalMs=5000,initialSamplingRate=0.25";
    assert_eq!(
        of("parentbased_jaeger_remote", argument),
        "parent(jaeger_remote(endpoint=http://jaeger:5778/sampling, interval=5s, initial=traceidratio 0.25))"
    );
    for argument in
        ["endpoint=jaeger", "pollingIntervalMs=1", "initialSamplingRate=2", "rate=1", "1"]
    {
        let variables =
            [("OTEL_TRACES_SAMPLER", "jaeger_remote"), ("OTEL_TRACES_SAMPLER_ARG", argument)];
        let error = config(&variables).err().expect(argument).to_string();
        assert!(error.starts_with("OTEL_TRACES_SAMPLER_ARG is"), "{error}");
    }
}

#[test]
fn a_rate_that_would_tear_traces_apart_is_told_at_the_start() {
    for (text, warnings) in [
        ("rate 10", 1),
        ("rules(kind=server => rate 10; else => off)", 1),
        ("parent(rate 10)", 0),
        ("rules(parent=none => rate 10; else => parentbased_always_off)", 0),
    ] {
        let told = config(&[("OTEL_TRACED_SAMPLER", text)]).expect("good").description;
        assert_eq!(told.warnings().len(), warnings, "{told}");
    }
}

#[test]
fn fold() {
    let of = |value| tracing(&[("OTEL_TRACED_FOLD", value)]).fold.map(u32::from);
    assert_eq!(of(""), None);
    assert_eq!(of("0"), None);
    assert_eq!(of("100"), Some(100));
    for value in ["-1", "1.5", "many", "4294967296"] {
        refused("OTEL_TRACED_FOLD", value);
    }
}

#[test]
fn samplers() {
    let of = |name, arg| match tracing(&[
        ("OTEL_TRACES_SAMPLER", name),
        ("OTEL_TRACES_SAMPLER_ARG", arg),
    ])
    .sampler
    {
        Head::Standard(sampler) => sampler,
        Head::Custom(_) | Head::Sampler(_) => panic!("not a standard one"),
    };

    assert_eq!(of("always_on", ""), Sampler::AlwaysOn);
    assert_eq!(of("ALWAYS_OFF", ""), Sampler::AlwaysOff);
    assert_eq!(of("traceidratio", "0.25"), Sampler::TraceIdRatio(0.25));
    assert_eq!(of("traceidratio", ""), Sampler::TraceIdRatio(1.0));
    assert_eq!(of("traceidratio", "0"), Sampler::TraceIdRatio(0.0));
    assert_eq!(of("parentbased_always_on", ""), Sampler::ParentBasedAlwaysOn);
    assert_eq!(of("parentbased_always_off", ""), Sampler::ParentBasedAlwaysOff);
    assert_eq!(of("parentbased_traceidratio", " 1 "), Sampler::ParentBasedTraceIdRatio(1.0));
    assert_eq!(of("always_on", "text"), Sampler::AlwaysOn, "which takes no argument");
    assert_eq!(of("", "text"), Sampler::ParentBasedAlwaysOn, "which takes no argument");
    for value in ["xray", "sometimes"] {
        refused("OTEL_TRACES_SAMPLER", value);
    }
    for value in ["NaN", "inf", "-0.1", "1.1", "half", "1e400"] {
        let variables =
            [("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", value)];
        let error = config(&variables).err().unwrap_or_else(|| panic!("{value} was taken"));
        assert!(error.to_string().starts_with("OTEL_TRACES_SAMPLER_ARG is "), "{error}");
    }
}

#[test]
fn batches() {
    let batch = only(tracing(&[
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "3600000"),
    ]))
    .batch;
    assert_eq!(batch.max_queue_size, 100);
    assert_eq!(batch.max_export_batch_size, 100, "no larger than the queue");
    assert_eq!(batch.schedule_delay, Duration::from_millis(1));
    assert_eq!(batch.export_timeout, Duration::from_secs(3600));

    let huge = "18446744073709551616";
    for name in ["OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"] {
        for value in ["0", "-1", "1000001", huge, "1.5", "many", "NaN"] {
            refused(name, value);
        }
    }
    for name in ["OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_EXPORT_TIMEOUT"] {
        for value in ["-1", "3600001", huge, "5s", "1.5", "NaN"] {
            refused(name, value);
        }
    }
    refused("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2049");

    let bytes =
        |value| only(tracing(&[("OTEL_TRACED_MAX_QUEUE_BYTES", value)])).batch.max_queue_bytes;
    assert_eq!(bytes(""), 16_777_216);
    assert_eq!(bytes("65536"), 65_536);
    for value in ["0", "-1", "65535", "18446744073709551616", "1.5", "16MiB", "NaN"] {
        refused("OTEL_TRACED_MAX_QUEUE_BYTES", value);
    }
}

#[test]
fn limits() {
    let limits = |variables: &[(&str, &str)]| tracing(variables).limits;

    let set = limits(&[
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "2"),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "3"),
        ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "4"),
        ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "0"),
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "9"),
        ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "5"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "9"),
    ]);
    let expected = Limits {
        value_length: Some(5),
        attributes_per_span: 1,
        events_per_span: 2,
        links_per_span: 3,
        attributes_per_event: 4,
        attributes_per_link: 0,
    };
    assert_eq!(set, expected);
    let general =
        limits(&[("OTEL_ATTRIBUTE_COUNT_LIMIT", "9"), ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "0")]);
    assert_eq!((general.attributes_per_span, general.value_length), (9, Some(0)));
    assert_eq!(general.attributes_per_event, 128, "which has a limit of its own");
    assert_eq!((limits(&[]).attributes_per_span, limits(&[]).value_length), (128, None));

    for name in ALL.iter().filter(|name| name.ends_with("COUNT_LIMIT")) {
        for value in ["-1", "4294967296", "NaN", "x"] {
            refused(name, value);
        }
    }
    for name in ALL.iter().filter(|name| name.ends_with("LENGTH_LIMIT")) {
        for value in ["-1", "18446744073709551616", "NaN", "1.5", "4k"] {
            refused(name, value);
        }
    }
}

#[test]
fn exporters() {
    let to = |value| -> Vec<Destination> {
        let processors = tracing(&[("OTEL_TRACES_EXPORTER", value)]).processors;
        processors.into_iter().map(|processor| processor.destination).collect()
    };

    assert!(matches!(*to("None"), [Destination::Nowhere]));
    assert!(matches!(&*to("console"), [Destination::Console(console)] if !console.hint));
    assert!(matches!(*to("OTLP"), [Destination::Otlp(_)]));
    assert!(matches!(*to("console, otlp,"), [Destination::Console(_), Destination::Otlp(_)]));
    assert!(matches!(*to("otlp/stdout"), [Destination::File { output: Output::Stdout, .. }]));
    for value in ["zipkin", "jaeger", "logging", "otlp;console", "otlp,zipkin"] {
        refused("OTEL_TRACES_EXPORTER", value);
    }
    for (value, remedy) in [
        ("otlp,otlp", "otlp is there twice: leave one of them out"),
        ("console,otlp,console", "console is there twice: leave one of them out"),
        ("none,otlp", "write none alone, or leave it out"),
        ("console,none", "write none alone, or leave it out"),
    ] {
        let message = refused("OTEL_TRACES_EXPORTER", value);
        assert_eq!(message, format!("OTEL_TRACES_EXPORTER is {value:?}: {remedy}"));
    }
}

#[test]
fn what_is_wrong_for_several_exporters_is_told_once() {
    let variables =
        [("OTEL_TRACES_EXPORTER", "otlp,console"), ("OTEL_BSP_SCHEDULE_DELAY", "3600001")];
    let message = config(&variables).err().expect("refused").to_string();
    assert_eq!(
        message,
        "OTEL_BSP_SCHEDULE_DELAY is \"3600001\": write milliseconds from 0 to 3600000"
    );
}

#[test]
fn log_levels() {
    let of = |value| config(&[("OTEL_LOG_LEVEL", value)]).expect("good").log_level;

    assert_eq!(of("none"), LogLevel::Off);
    assert_eq!(of("OFF"), LogLevel::Off);
    assert_eq!(of("error"), LogLevel::Error);
    assert_eq!(of("Warn"), LogLevel::Warn);
    assert_eq!(of("info"), LogLevel::Info);
    assert_eq!(of("debug"), LogLevel::Debug);
}

#[cfg(feature = "tower")]
#[test]
fn hosts_that_context_goes_to() {
    let both = ["OTEL_TRACED_TRACE_CONTEXT_TO", "OTEL_TRACED_BAGGAGE_TO"];
    let of = |variables: &[(&str, &str)]| config(variables).expect("good").outbound;
    let hosts = |list: &str| list.parse::<Hosts>().expect(list);

    assert_eq!(of(&[(both[0], ""), (both[1], " ")]), None, "what was said before stays");
    assert_eq!(
        of(&[(both[0], "private, .example.com"), (both[1], "none")]),
        Some(
            Outbound::default()
                .trace_context_to(hosts("private,.example.com"))
                .baggage_to(Hosts::none())
        )
    );
    let baggage = Outbound::default().baggage_to(Hosts::all());
    assert_eq!(of(&[(both[1], "*")]), Some(baggage.clone()), "trace context goes to all hosts");
    // A caller's baggage is passed on, so it has to be known where to.
    assert_eq!(of(&[(both[1], "*"), ("OTEL_SDK_DISABLED", "true")]), Some(baggage));
    for name in both {
        for value in ["https://example.com", "a,*.b", "a b", "shop:99999"] {
            refused(name, value);
            let disabled = config(&[(name, value), ("OTEL_SDK_DISABLED", "true")]);
            let config = disabled.expect("it works whatever else is wrong");
            assert_eq!(config.description.warnings().len(), 1);
            let nobody = config.outbound.expect("it was set");
            assert!(nobody.into_lists().contains(&Hosts::none()), "{name}");
        }
    }
    let described = config(&[(both[1], "None")]).expect("good").description;
    assert_eq!(described.get("baggage_to").expect("a line").value, "none");
    let trace_context = described.get("trace_context_to").expect("a line");
    assert_eq!((&*trace_context.value, trace_context.source.to_string()), ("*", "default".into()));
}
