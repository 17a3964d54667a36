//! Which variables ask for something that is not done?
//!
//! They are refused rather than passed over: whoever asks for a certificate and gets none
//! should hear of it at the start.

use super::Reader;

/// A variable, and how to have what it asks for.
type Refused = (&'static str, &'static str);

/// Whatever they say.
const ALWAYS: [Refused; 9] = [
    ("OTEL_CONFIG_FILE", "files are not supported: unset it, and use the other OTEL_ variables"),
    ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", LENGTH),
    ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", LENGTH),
    ("OTEL_EXPORTER_OTLP_CERTIFICATE", CERTIFICATE),
    ("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", CERTIFICATE),
    ("OTEL_EXPORTER_OTLP_CLIENT_KEY", CLIENT),
    ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", CLIENT),
    ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", CLIENT),
    ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", CLIENT),
];

const LENGTH: &str = "values are not cut: unset it, and cut them in a Collector";
const CERTIFICATE: &str =
    "certificates of your own are not supported: unset it, and add the certificate to the system's";
const CLIENT: &str = "client certificates are not supported: unset it, and authenticate with a \
                      header or through a Collector beside the service";

pub(super) fn check(reader: &mut Reader<'_>) {
    for (name, remedy) in ALWAYS {
        if let Some(given) = reader.text(name) {
            reader.problems.add(name, Some(given.value), remedy);
        }
    }
}
