//! Does a file that a setting names never hold up the program, whatever kind of file it is?

use std::path::{Path, PathBuf};
use std::process::Command;

use super::config;
use crate::setup::config::builder;

/// A directory that is removed after the test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("otel-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("made");
        Directory(path)
    }

    fn file(&self, name: &str, text: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    fn pipe(&self, name: &str) -> PathBuf {
        let path = self.0.join(name);
        assert!(Command::new("mkfifo").arg(&path).status().expect("run").success());
        path
    }

    fn link(&self, name: &str, to: &Path) -> PathBuf {
        let path = self.0.join(name);
        std::os::unix::fs::symlink(to, &path).expect("made");
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const NAMED_IN: [&str; 6] = [
    "OTEL_CONFIG_FILE",
    "OTEL_EXPORTER_OTLP_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CLIENT_KEY",
    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY",
];

/// What `init` says if each of the variables is set to `path`.
#[track_caller]
fn refused_everywhere(path: &Path, why: &str) {
    let path = path.to_str().expect("in UTF-8");
    for name in NAMED_IN {
        if name == "OTEL_CONFIG_FILE" && !cfg!(feature = "config-file") {
            continue;
        }
        let partner = match name {
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE" => Some("OTEL_EXPORTER_OTLP_CLIENT_KEY"),
            name if name.ends_with("KEY") => Some("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"),
            _ => None,
        };
        let variables = [Some("OTEL_TRACES_EXPORTER"), Some(name), partner].into_iter().flatten();
        let value = |name: &str| if name.ends_with("EXPORTER") { "otlp" } else { path };
        let variables: Vec<_> = variables.map(|name| (name, value(name))).collect();
        let message = config(&variables).err().expect("refused").to_string();
        let named = format!("{name} is {path:?}: ");
        let line = message.lines().find(|line| line.contains(&named));
        let line = line.unwrap_or_else(|| panic!("{name}: {message}"));
        assert!(line.contains(why), "{line}");
    }
}

#[test]
fn a_pipe_holds_up_no_program_that_was_told_to_read_it() {
    let directory = Directory::new("pipes");
    let pipe = directory.pipe("pipe");
    refused_everywhere(&pipe, "this is a pipe, a socket or a device");
    refused_everywhere(&directory.link("link", &pipe), "this is a pipe, a socket or a device");
}

#[test]
fn what_has_no_end_is_not_read() {
    for device in ["/dev/zero", "/dev/urandom", "/dev/null", "/dev/tty"] {
        if Path::new(device).exists() {
            refused_everywhere(Path::new(device), "this is a pipe, a socket or a device");
        }
    }
    // Reading some of these waits for an event.
    for file in ["/proc/kmsg", "/proc/self/environ", "/proc/self/maps"] {
        if Path::new(file).exists() {
            refused_everywhere(Path::new(file), "this is empty");
        }
    }
}

#[test]
fn a_directory_and_a_file_that_is_empty_or_too_large_are_refused() {
    let directory = Directory::new("sizes");
    refused_everywhere(&directory.0, "this is a directory");
    refused_everywhere(&directory.file("empty", b""), "this is empty");
    let sparse = directory.file("sparse", b"a");
    let file = std::fs::File::options().write(true).open(&sparse).expect("it is there");
    file.set_len(1 << 40).expect("a hole");
    refused_everywhere(&sparse, "this has more than");
}

#[test]
fn a_file_that_is_a_link_is_read() {
    let directory = Directory::new("links");
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    // As Kubernetes mounts a secret.
    let data = directory.link("..data", &directory.file("ca.pem", made.cert.pem().as_bytes()));
    let link = directory.link("ca", &data);
    let link = link.to_str().expect("in UTF-8");
    config(&[("OTEL_TRACES_EXPORTER", "otlp"), ("OTEL_EXPORTER_OTLP_CERTIFICATE", link)])
        .expect("good");
}

#[test]
fn system_certificates_are_not_awaited_from_a_pipe() {
    let directory = Directory::new("roots");
    let pipe = directory.pipe("pipe");
    let pipe = pipe.to_str().expect("in UTF-8");
    let at =
        |endpoint| config(&[("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), ("SSL_CERT_FILE", pipe)]);
    let message = at("https://h").err().expect("refused").to_string();
    assert!(
        message.starts_with(&format!("SSL_CERT_FILE is {pipe:?}: write the path of")),
        "{message}"
    );
    at("http://h").expect("nobody asks for certificates");
}

#[test]
fn a_pipe_that_nobody_reads_is_no_file_to_write() {
    let directory = Directory::new("output");
    let pipe = directory.pipe("pipe");
    let error = builder().file(&pipe).build().expect_err("refused").to_string();
    assert!(error.starts_with("Builder::file is "), "{error}");
    assert!(error.contains("this is a pipe that nobody reads"), "{error}");
    let error = builder().file(&directory.0).build().expect_err("refused").to_string();
    assert!(error.contains("name a file that can be written"), "{error}");
}
