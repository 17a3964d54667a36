//! What produced the spans?

use std::env::consts::ARCH;
use std::path::PathBuf;

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::TelemetryResourceDetector;

use crate::span::recorder;

/// The version of the semantic conventions that the keys below are taken from.
const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.44.0";

/// The resource of this process: the `given` attributes, which win over the detected ones.
///
/// Arguments of the process are left out on purpose: they may hold secrets.
///
/// Semantic conventions: [Resource](https://opentelemetry.io/docs/specs/semconv/resource/).
pub(crate) fn detect(
    service_name: Option<String>,
    given: Vec<KeyValue>,
    schema_url: Option<String>,
) -> Resource {
    let executable = executable_name();
    let service_name = service_name.unwrap_or_else(|| unknown_service(executable.as_deref()));

    let mut attributes = vec![
        KeyValue::new("service.instance.id", random_uuid()),
        KeyValue::new("process.pid", i64::from(std::process::id())),
        // "For compiled native binaries, this SHOULD be the name of the compiler."
        KeyValue::new("process.runtime.name", "rustc"),
        KeyValue::new("telemetry.distro.name", env!("CARGO_PKG_NAME")),
        KeyValue::new("telemetry.distro.version", env!("CARGO_PKG_VERSION")),
    ];
    if let Some(arch) = host_arch(ARCH) {
        attributes.push(KeyValue::new("host.arch", arch));
    }
    if let Some(host) = hostname::get().ok().and_then(|host| host.into_string().ok()) {
        attributes.push(KeyValue::new("host.name", host));
    }
    if let Some(executable) = executable {
        attributes.push(KeyValue::new("process.executable.name", executable));
    }

    Resource::builder_empty()
        .with_schema_url([], schema_url.unwrap_or_else(|| SCHEMA_URL.to_owned()))
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_attributes(attributes)
        .with_attributes(given)
        // Set last, so that no attribute can replace the service's name.
        .with_service_name(service_name)
        .build()
}

/// The name that the specification prescribes for a service that was given none.
fn unknown_service(executable: Option<&str>) -> String {
    executable
        .map_or_else(|| "unknown_service".to_owned(), |name| format!("unknown_service:{name}"))
}

fn executable_name() -> Option<String> {
    let name =
        std::env::current_exe().ok().or_else(|| std::env::args_os().next().map(PathBuf::from));
    Some(name?.file_name()?.to_string_lossy().into_owned())
}

/// A version 4 UUID with 122 random bits, from the generator that makes the trace ids.
fn random_uuid() -> String {
    let random = u128::from_be_bytes(recorder::new_trace_id().to_bytes());
    let version = random & !(0xf << 76) | (0x4 << 76);
    let variant = version & !(0x3 << 62) | (0x2 << 62);
    let hex = format!("{variant:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The conventions' name for a processor that rustc calls `arch`.
fn host_arch(arch: &str) -> Option<&'static str> {
    Some(match arch {
        "x86_64" => "amd64",
        "x86" => "x86",
        "aarch64" => "arm64",
        "arm" => "arm32",
        "powerpc64" => "ppc64",
        "powerpc" => "ppc32",
        "s390x" => "s390x",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use opentelemetry::{Key, Value};

    use super::*;

    fn text(resource: &Resource, key: &'static str) -> Option<String> {
        resource.get(&Key::from_static_str(key)).map(|value| value.to_string())
    }

    #[test]
    fn says_what_the_process_is() {
        let resource = detect(Some("shop".to_owned()), Vec::new(), None);

        assert_eq!(text(&resource, "service.name").as_deref(), Some("shop"));
        assert_eq!(
            resource.get(&Key::from_static_str("process.pid")),
            Some(Value::I64(i64::from(std::process::id()))),
        );
        for key in [
            "service.instance.id",
            "host.name",
            "host.arch",
            "process.executable.name",
            "process.runtime.name",
            "telemetry.sdk.name",
            "telemetry.sdk.language",
            "telemetry.sdk.version",
            "telemetry.distro.name",
            "telemetry.distro.version",
        ] {
            assert!(text(&resource, key).is_some_and(|value| !value.is_empty()), "{key}");
        }
        assert_eq!(resource.schema_url(), Some(SCHEMA_URL));
    }

    #[test]
    fn says_nothing_that_may_be_a_secret_or_was_not_asked_for() {
        let resource = detect(None, Vec::new(), None);

        for key in ["process.command_args", "process.command_line", "process.command"] {
            assert_eq!(text(&resource, key), None);
        }
        assert_eq!(text(&resource, "deployment.environment.name"), None);
    }

    #[test]
    fn what_was_given_beats_what_was_found() {
        let given = vec![
            KeyValue::new("host.name", "given"),
            KeyValue::new("deployment.environment.name", "staging"),
        ];
        let resource = detect(None, given, None);

        assert_eq!(text(&resource, "host.name").as_deref(), Some("given"));
        assert_eq!(text(&resource, "deployment.environment.name").as_deref(), Some("staging"));
    }

    #[test]
    fn a_service_without_a_name_is_called_after_its_executable() {
        let resource = detect(None, Vec::new(), None);
        let executable = text(&resource, "process.executable.name").expect("found");

        assert_eq!(text(&resource, "service.name"), Some(format!("unknown_service:{executable}")));
        assert_eq!(unknown_service(None), "unknown_service");
    }

    #[test]
    fn instance_ids_are_version_4_uuids_and_differ() {
        let (one, other) = (random_uuid(), random_uuid());

        assert_ne!(one, other);
        let parts: Vec<&str> = one.split('-').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(parts[2].starts_with('4'), "version: {one}");
        assert!(parts[3].starts_with(['8', '9', 'a', 'b']), "variant: {one}");
    }
}
