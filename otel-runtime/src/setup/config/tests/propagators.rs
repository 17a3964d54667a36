//! Which formats are chosen, by code, variable and file, and in which order?

use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};

use crate::context::propagation::Propagator;
use crate::setup::config::{Builder, Config, Environment, builder};

fn decide(builder: Builder, variables: &[(&str, &str)]) -> Config {
    let config = builder.environment(variables.iter().copied()).decide(Environment::default);
    config.expect("good")
}

fn names(config: &Config) -> Vec<&str> {
    config.propagators.iter().map(Propagator::name).collect()
}

#[derive(Debug)]
struct Own;

impl TextMapPropagator for Own {
    fn inject_context(&self, _: &Context, _: &mut dyn Injector) {}

    fn extract_with_context(&self, context: &Context, _: &dyn Extractor) -> Context {
        context.clone()
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(&[])
    }
}

fn own() -> Propagator {
    Propagator::custom(" Own", Own)
}

#[test]
fn formats_are_used_in_the_order_in_which_they_are_listed() {
    let list = "xray,b3multi,tracecontext,own,jaeger,baggage,b3";
    let expected: Vec<_> = list.split(',').collect();
    let by_code = builder().propagators([
        Propagator::XRay,
        Propagator::B3Multi,
        Propagator::TraceContext,
        own(),
        Propagator::XRay,
        Propagator::Jaeger,
        Propagator::Baggage,
        Propagator::B3,
        own(),
    ]);
    assert_eq!(names(&decide(by_code, &[("OTEL_PROPAGATORS", "none")])), expected);

    let known = || builder().known_propagator(own());
    let twice = list.replace("own", "OWN, XRay,own");
    let by_variable = decide(known(), &[("OTEL_PROPAGATORS", &twice)]);
    assert_eq!(names(&by_variable), expected);
    let described = by_variable.description.to_string();
    assert!(described.contains(list), "{described}");
    assert!(by_variable.description.warnings().is_empty());

    let not_listed = decide(known(), &[]);
    assert_eq!(names(&not_listed), ["tracecontext", "baggage"]);
}

#[cfg(feature = "config-file")]
#[test]
fn a_file_lists_them_in_either_form() {
    let of = |propagator: &str| {
        let path = std::env::temp_dir().join(format!("otel-formats-{}.yaml", std::process::id()));
        std::fs::write(&path, format!("file_format: '1.0'\npropagator: {propagator}\n"))
            .expect("a temporary file");
        let config =
            decide(builder().known_propagator(own()).config_file(path.to_string_lossy()), &[]);
        std::fs::remove_file(path).expect("it is there");
        assert!(config.description.warnings().is_empty(), "{}", config.description);
        names(&config).join(",")
    };

    assert_eq!(
        of("{composite: [xray: , own: , b3: ], composite_list: 'b3,jaeger'}"),
        "xray,own,b3,jaeger"
    );
    assert_eq!(
        of("{composite: [jaeger: , b3multi: , tracecontext: ]}"),
        "jaeger,b3multi,tracecontext"
    );
    assert_eq!(of("{composite_list: 'own,xray,own'}"), "own,xray");
}

#[test]
fn a_name_that_no_list_could_hold_is_refused() {
    for name in ["", " ", "none", "B3", "tracecontext", "a,b"] {
        for builder in [
            builder().known_propagator(Propagator::custom(name, Own)),
            builder().propagators([Propagator::custom(name, Own)]),
        ] {
            let error = builder.decide(Environment::default).err().expect("refused").to_string();
            assert!(error.contains("propagator"), "{error}");
            assert!(error.contains("give the format a name"), "{error}");
        }
    }
}

#[test]
fn an_unknown_name_is_answered_with_the_known_ones() {
    let variables = [("OTEL_PROPAGATORS", "onw,tracecontext")];
    let config = decide(builder().known_propagator(own()), &variables);

    assert_eq!(names(&config), ["tracecontext"]);
    assert_eq!(
        config.description.warnings()[0].to_string(),
        "OTEL_PROPAGATORS is \"onw,tracecontext\": onw is not known, and left out: known are \
         tracecontext, baggage, b3, b3multi, jaeger, xray, own, none"
    );
}
