//! Where does a file send spans, and how?

use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

use super::section::{Entry, Section, SectionReader};
use crate::export::settings::{Compression, Output, Protocol};
use crate::setup::config::header::header;
use crate::setup::config::settings::{Endpoint, Exporter, OtlpSettings, Processor, TlsSettings};
use crate::setup::config::source::{Given, Source};
use crate::setup::config::{env, list};

/// `exporter`
pub(super) fn read(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Processor> {
    let known = ["otlp_http", "otlp_grpc", "otlp_file/development", "console"];
    let (kind, entry) = entry.choice(&known, reader)?;
    let from = reader.source(entry.path().to_owned());
    let protocol = match kind {
        "otlp_http" => Protocol::HttpProtobuf,
        "otlp_grpc" => Protocol::Grpc,
        "console" => {
            entry.nothing(reader);
            return Some(Given { value: Exporter::Console, from }.into());
        }
        _ => {
            let value = Exporter::File(output(entry, reader)?);
            return Some(Given { value, from }.into());
        }
    };
    let exporter = Given { value: Exporter::Otlp, from: from.clone() };
    let otlp = otlp(Given { value: protocol, from }, entry.section(reader), reader);
    Some(Processor { otlp, ..exporter.into() })
}

/// `stdout`, or the URL of a file.
fn parse_output(text: &str) -> Result<Output, &'static str> {
    if text == "stdout" {
        return Ok(Output::Stdout);
    }
    let path = text.strip_prefix("file://").filter(|path| path.starts_with('/'));
    let path = path.and_then(|path| percent_decode_str(path).decode_utf8().ok());
    path.map(|path| Output::File(PathBuf::from(path.as_ref())))
        .ok_or("write stdout, or a URL such as file:///var/log/traces.jsonl")
}

/// "If omitted or null, stdout is used."
fn output(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Output> {
    let mut section = entry.section(reader);
    let given = section.take("output_stream").map(|entry| entry.text(reader));
    section.finish(reader);
    let Some(given) = given else { return Some(Output::Stdout) };
    let Given { value, from } = given?;
    match parse_output(&value) {
        Ok(output) => Some(output),
        Err(remedy) => {
            reader.problems.add(from, Some(value), remedy);
            None
        }
    }
}

pub(super) fn otlp(
    protocol: Given<Protocol>,
    mut section: Section,
    reader: &mut SectionReader<'_>,
) -> OtlpSettings {
    // This endpoint includes the path of the signal, if there is one, such as `/v1/traces`.
    let own = section.take("endpoint").and_then(|entry| entry.text(reader));
    let timeout = section.take("timeout").and_then(|entry| entry.whole(reader));
    let (tls, insecure) = tls(&mut section, protocol.value, reader);
    let headers = headers(&mut section, reader);
    let compression = section.take("compression").and_then(|entry| compression(entry, reader));
    let protocol = match protocol.value {
        Protocol::Grpc => protocol,
        _ => match section.take("encoding") {
            Some(entry) => encoding(entry, reader).unwrap_or(protocol),
            None => protocol,
        },
    };
    let request = "a request has an eighth of distribution.otel-runtime.max_queue_bytes at most";
    section.leave_out("max_request_size", request, reader);
    section.leave_out("max_response_size", "of a reply, 4 MiB are read at most", reader);
    section.finish(reader);
    OtlpSettings {
        endpoint: Endpoint { base: None, own },
        protocol: Some(protocol),
        timeout: timeout.map(|given| given.map(Duration::from_millis)),
        headers,
        compression,
        tls,
        insecure,
    }
}

/// The certificate files, and whether an endpoint without a scheme is reached without TLS.
fn tls(
    section: &mut Section,
    protocol: Protocol,
    reader: &mut SectionReader<'_>,
) -> (TlsSettings, Option<Given<bool>>) {
    let Some(entry) = section.take("tls") else { return (TlsSettings::default(), None) };
    let mut tls = entry.section(reader);
    let mut path = |key| {
        let given = tls.take(key).and_then(|entry| entry.text(reader));
        given.map(|given| given.map(PathBuf::from))
    };
    let files = TlsSettings {
        certificate: path("ca_file"),
        client_certificate: path("cert_file"),
        client_key: path("key_file"),
    };
    let insecure = match protocol {
        Protocol::Grpc => tls.take("insecure").and_then(|entry| entry.boolean(reader)),
        Protocol::HttpProtobuf | Protocol::HttpJson => None,
    };
    tls.finish(reader);
    (files, insecure)
}

fn compression(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Given<Compression>> {
    let Given { value, from } = entry.text(reader)?;
    match env::compression(&value) {
        Ok(compression) => Some(Given { value: compression, from }),
        Err(remedy) => {
            reader.problems.add(from, Some(value), remedy);
            None
        }
    }
}

fn encoding(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Given<Protocol>> {
    let Given { value, from } = entry.text(reader)?;
    let protocol = match value.as_str() {
        "protobuf" => Protocol::HttpProtobuf,
        "json" => Protocol::HttpJson,
        _ => {
            reader.problems.add(from, Some(value), "write one of protobuf, json");
            return None;
        }
    };
    Some(Given { value: protocol, from })
}

/// Headers hold keys to backends, so messages show no value. "Entries have higher priority than entries
/// from `headers_list`": the last one wins.
fn headers(
    section: &mut Section,
    reader: &mut SectionReader<'_>,
) -> Vec<Given<(HeaderName, HeaderValue)>> {
    let mut pairs = Vec::new();
    if let Some(Given { value, from }) =
        section.take("headers_list").and_then(|entry| entry.secret(reader))
    {
        match list::pairs(&value) {
            Ok(listed) => pairs.extend(listed.into_iter().map(|pair| (pair, from.clone()))),
            Err(remedy) => reader.problems.add(from, None, remedy),
        }
    }
    for entry in section.take("headers").map(|entry| entry.list(reader)).unwrap_or_default() {
        pairs.extend(named_value(entry, reader));
    }
    let mut headers = Vec::new();
    for ((name, value), from) in pairs {
        match header(&name, &value) {
            Ok(value) => headers.push(Given { value, from }),
            Err(remedy) => reader.problems.add(from, None, remedy),
        }
    }
    headers
}

fn named_value(entry: Entry, reader: &mut SectionReader<'_>) -> Option<((String, String), Source)> {
    let mut section = entry.section(reader);
    let remedy = "write the header's name, such as x-api-key";
    let name = section.require("name", remedy, reader).and_then(|entry| entry.text(reader));
    // "If an entry's value is null, the entry is ignored."
    let value = section.take("value").and_then(|entry| entry.secret(reader));
    section.finish(reader);
    let (name, value) = (name?, value?);
    Some(((name.value, value.value), value.from))
}
