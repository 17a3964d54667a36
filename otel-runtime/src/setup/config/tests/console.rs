//! Does the terminal show what whoever looks at it asked for?

use std::time::Duration;

use super::{builder, config, only, tracing};
use crate::export::settings::{Background, ColorChoice, Details, LinkTemplate, Shown, View};
use crate::setup::config::{Destination, Environment};

fn view(variables: &[(&str, &str)]) -> View {
    match only(tracing(variables)).destination {
        Destination::Console(console) => console.view,
        _ => panic!("not the console"),
    }
}

#[test]
fn no_color_is_heeded_unless_empty() {
    assert_eq!(view(&[("NO_COLOR", "1")]).color, ColorChoice::Never);
    assert_eq!(view(&[("NO_COLOR", "")]).color, ColorChoice::Auto);
}

#[test]
fn colours_can_be_forced_and_forbidden() {
    let color = |variables: &[(&str, &str)]| view(variables).color;

    assert_eq!(color(&[]), ColorChoice::Auto);
    for forced in ["1", "yes"] {
        assert_eq!(color(&[("CLICOLOR_FORCE", forced)]), ColorChoice::Always);
        // A pipe that is to be coloured does not care what the terminal can do.
        assert_eq!(color(&[("CLICOLOR_FORCE", forced), ("TERM", "dumb")]), ColorChoice::Always);
        let both = [("CLICOLOR_FORCE", forced), ("NO_COLOR", "1")];
        assert_eq!(color(&both), ColorChoice::Never, "NO_COLOR wins");
    }
    for not_forced in ["0", ""] {
        assert_eq!(color(&[("CLICOLOR_FORCE", not_forced)]), ColorChoice::Auto);
    }
    assert_eq!(color(&[("CLICOLOR", "0")]), ColorChoice::Never);
    assert_eq!(color(&[("CLICOLOR", "1")]), ColorChoice::Auto);
    assert_eq!(color(&[("TERM", "dumb")]), ColorChoice::Never);
    assert_eq!(color(&[("TERM", "xterm-256color")]), ColorChoice::Auto);
}

#[test]
fn the_background_is_taken_from_the_terminal_or_said() {
    let background = |variables: &[(&str, &str)]| view(variables).background;
    let said = |text| background(&[("COLORFGBG", text)]);

    assert_eq!(background(&[]), Background::Unknown);
    assert_eq!([said("15;0"), said("7;default;8")], [Background::Dark; 2]);
    assert_eq!([said("0;15"), said("0;default;7")], [Background::Light; 2]);
    assert_eq!([said("default;default"), said(";")], [Background::Unknown; 2]);
    let both = [("COLORFGBG", "15;0"), ("OTEL_TRACED_CONSOLE", "light")];
    assert_eq!(background(&both), Background::Light);
    assert_eq!(background(&[("OTEL_TRACED_CONSOLE", "dark")]), Background::Dark);
}

#[test]
fn links_go_to_terminals_that_take_them() {
    let takes = |variables: &[(&str, &str)]| view(variables).takes_links;

    for (name, value) in [
        ("TERM_PROGRAM", "vscode"),
        ("TERM", "xterm-kitty"),
        ("VTE_VERSION", "7003"),
        ("WT_SESSION", "0f3e"),
        ("FORCE_HYPERLINK", "1"),
    ] {
        assert!(takes(&[(name, value)]), "{name}={value}");
        assert!(!takes(&[(name, value), ("FORCE_HYPERLINK", "0")]), "{name}={value}");
    }
    for (name, value) in [("TERM", "linux"), ("VTE_VERSION", "4205"), ("VTE_VERSION", "x")] {
        assert!(!takes(&[(name, value)]), "{name}={value}");
    }
    assert!(!takes(&[("TERM", "dumb"), ("TERM_PROGRAM", "vscode")]));
}

#[test]
fn what_the_console_shows() {
    let asked = |text: &str| view(&[("OTEL_TRACED_CONSOLE", text)]);

    assert_eq!(asked(""), View::default());
    let shown = Shown {
        errors: true,
        slower: Some(Duration::from_millis(100)),
        name: Some("/check out".to_owned()),
    };
    assert_eq!(
        asked("errors, slower=100ms,name=/check out, all,width=160,alone,"),
        View { shown, details: Details::All, columns: Some(160), alone: true, ..View::default() }
    );
    for (text, time) in [("2s", 2_000_000_000), ("5us", 5_000), ("5µs", 5_000), ("7ns", 7)] {
        let time = Some(Duration::from_nanos(time));
        let text = format!("slower={text}");
        assert_eq!(asked(&text).shown.slower, time);
    }
}

#[test]
fn what_the_console_cannot_do_is_told_and_costs_no_trace() {
    for (name, value, remedy) in [
        ("OTEL_TRACED_CONSOLE", "error", "write one or more of errors, slower=100ms"),
        ("OTEL_TRACED_CONSOLE", "errors=1", "write one or more of errors, slower=100ms"),
        ("OTEL_TRACED_CONSOLE", "name=", "write one or more of errors, slower=100ms"),
        ("OTEL_TRACED_CONSOLE", "slower=100", "slower=100ms"),
        ("OTEL_TRACED_CONSOLE", "slower=-1ms", "slower=100ms"),
        ("OTEL_TRACED_CONSOLE", "slower=1.5s", "slower=100ms"),
        ("OTEL_TRACED_CONSOLE", "slower=99999999999999999999s", "slower=100ms"),
        ("OTEL_TRACED_CONSOLE", "width=0", "width=160"),
        ("OTEL_TRACED_CONSOLE", "width=wide", "width=160"),
        ("OTEL_TRACED_CONSOLE_LINK", "http://localhost:16686/trace/", "{id}"),
        ("OTEL_TRACED_CONSOLE_LINK", "javascript:{id}", "http://localhost:16686/trace/{id}"),
        ("OTEL_TRACED_CONSOLE_LINK", "http://localhost/{id}\u{1b}\\", "{id}"),
        ("OTEL_TRACED_CONSOLE_LINK", "http://localhost/a page/{id}", "{id}"),
    ] {
        assert_eq!(view(&[(name, value)]), View::default(), "{name}={value}");
        let told = config(&[(name, value)]).expect("a program that runs").description;
        let [warning] = told.warnings() else { panic!("one: {told}") };
        let warning = warning.to_string();
        assert!(warning.contains(name) && warning.contains(remedy), "{warning}");
    }
}

#[test]
fn a_link_has_the_id_wherever_the_template_wants_it() {
    let template = "https://tempo.example/explore?id={id}&again={id}";
    let link = view(&[("OTEL_TRACED_CONSOLE_LINK", template)]).link.expect("a template");

    let id = "0af7651916cd43dd8448eb211c80319c";
    let of = link.of(opentelemetry::TraceId::from_hex(id).expect("an id"));
    assert_eq!(of, format!("https://tempo.example/explore?id={id}&again={id}"));
    assert_eq!(LinkTemplate::new("{id}"), None);
}

#[cfg(feature = "config-file")]
#[test]
fn who_looks_at_the_terminal_is_heard_beside_a_file() {
    let path = std::env::temp_dir().join(format!("otel-console-{}.yaml", std::process::id()));
    let text = "
file_format: '1.0'
tracer_provider: {processors: [batch: {exporter: {console: }}]}
";
    std::fs::write(&path, text).expect("a temporary file");
    let config = builder()
        .config_file(path.to_string_lossy())
        .environment([("OTEL_TRACED_CONSOLE", "errors"), ("NO_COLOR", "1")])
        .decide(Environment::default)
        .expect("good");
    std::fs::remove_file(path).expect("it is there");

    let tracing = config.tracing.expect("tracing");
    let Destination::Console(console) = only(tracing).destination else { panic!("the console") };
    assert!(console.view.shown.errors);
    assert_eq!(console.view.color, ColorChoice::Never);
}
